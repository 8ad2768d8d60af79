import * as z from 'zod';
import type { ApiAnswer, ApiRequest } from '../../contracts/api/client.ts';
import { type PackageView, PackageView as View } from '../../contracts/api/package.ts';
import { PROBLEM_BASE, Problem } from '../../contracts/api/problem.ts';
import { admits, type Operation } from '../../contracts/api/route.ts';
import { ROUTES } from '../../contracts/api/routes.ts';
import type { Finding } from '../../domain/doctor/finding.ts';
import { type Asked, judgePermission, type ProbeAnswer } from '../../domain/doctor/judge-permission.ts';
import type { DoctorRun } from './doctor-run.ts';

/** Calls that cannot change anything: an empty body is refused by everybody who is let in. */
const PROBES = {
  start: { method: 'POST', operation: 'startRollout', path: (pkg: string) => `/packages/${pkg}/rollouts`, body: {} },
  abort: {
    method: 'POST',
    operation: 'abortRollout',
    path: (pkg: string) => `/packages/${pkg}/rollouts/latest/abort`,
    body: {},
  },
} as const;

export interface PackageSeen {
  readonly findings: readonly Finding[];
  /** Undefined when it is not registered or not for this caller to see. */
  readonly pkg: PackageView | undefined;
}

/** Is the package registered, and may the caller read it, start and abort its rollouts? */
export async function examinePackage(run: DoctorRun, name: string): Promise<PackageSeen> {
  const [read, ...probed] = await Promise.all([
    ask(run, { method: 'GET', path: `/packages/${name}` }),
    ...(['start', 'abort'] as const).map(async (check) => {
      const { method, path, body, operation } = PROBES[check];
      const answer = await ask(run, { method, path: path(name), body });
      return judgePermission(asked(run, name, check, operation), probeAnswer(answer));
    }),
  ]);
  const answer = probeAnswer(read);
  const registered = View.safeParse(read.body);
  const pkg = read.status === 200 && registered.success ? registered.data : undefined;
  return { pkg, findings: [registry(run, name, answer, pkg), ...probed] };
}

function asked({ caller }: DoctorRun, pkg: string, check: Asked['check'], operation: Operation): Asked {
  const route = ROUTES.find((one) => one.operation === operation);
  const admitted = route !== undefined && caller?.kind !== undefined && admits(route, caller.kind);
  return { package: pkg, check, caller, admitted };
}

/** A shared role proves its repository with every call. */
async function ask({ ports, caller, interrupted }: DoctorRun, request: ApiRequest): Promise<ApiAnswer> {
  const token = caller?.kind === 'workflow' ? await ports.workflow?.token('fairlead') : undefined;
  const headers = token?.given === true ? { 'fairlead-token': token.token } : {};
  return await ports.client.call({ ...request, headers, signal: interrupted });
}

const AwsRefusal = z.object({ message: z.string() });

function probeAnswer({ status, body, headers }: ApiAnswer): ProbeAnswer {
  const problem = Problem.safeParse(body);
  // Only our function's answers say no-store: the gateway's own do not.
  const ours = headers['cache-control'] === 'no-store';
  if (problem.success) {
    const { type, detail } = problem.data;
    return { status, ours, problem: type.replace(PROBLEM_BASE, ''), detail };
  }
  const detail = AwsRefusal.safeParse(body).data?.message;
  return { status, ours, ...(detail !== undefined && { detail: detail.slice(0, 300) }) };
}

function registry(run: DoctorRun, name: string, answer: ProbeAnswer, pkg: PackageView | undefined): Finding {
  const line = { area: 'package', of: name, check: 'registry' } as const;
  if (pkg !== undefined) {
    const { chart, release, namespace } = pkg;
    return { ...line, state: 'ok', says: `chart ${chart}, release ${release} in namespace ${namespace}` };
  }
  if (answer.ours && answer.status === 404) {
    const fix = `an operator registers it: fairlead package put ${name} --namespace NAMESPACE`;
    return { ...line, state: 'fail', says: `package ${name} is not registered`, fix };
  }
  return { ...judgePermission(asked(run, name, 'read', 'getPackage'), answer), check: 'registry' };
}
