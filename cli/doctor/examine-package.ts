import * as z from 'zod';
import type { ApiAnswer, ApiRequest } from '../../contracts/api/client.ts';
import { TOKEN_AUDIENCE, TOKEN_HEADER } from '../../contracts/api/github-token.ts';
import { type PackageView, PackageView as View } from '../../contracts/api/package.ts';
import { PROBLEM_BASE, Problem } from '../../contracts/api/problem.ts';
import { admits, type Operation } from '../../contracts/api/route.ts';
import { ROUTES } from '../../contracts/api/routes.ts';
import type { Finding } from '../../domain/doctor/finding.ts';
import { type Asked, judgePermission, type ProbeAnswer } from '../../domain/doctor/judge-permission.ts';
import type { DoctorRun } from './doctor-run.ts';

/** No rollout has this id: ULIDs begin with the time. */
const NO_ROLLOUT = '0'.repeat(26);

/**
 * Calls that cannot change anything. An empty start is refused as incomplete by whoever lets the caller in; an abort of no rollout passes every right,
 * also that of the caller's repository, before nothing is found.
 */
const PROBES = {
  start: { operation: 'startRollout', path: 'rollouts', body: {} },
  abort: {
    operation: 'abortRollout',
    path: `rollouts/${NO_ROLLOUT}/abort`,
    body: { reason: 'fairlead doctor asks whether this may be done' },
  },
} as const;

export interface PackageSeen {
  readonly findings: readonly Finding[];
  /** Undefined when it is not registered or not for this caller to see. */
  readonly pkg: PackageView | undefined;
}

/** Is the package registered, and may the caller read it, start and abort its rollouts? */
export async function examinePackage(run: DoctorRun, name: string): Promise<PackageSeen> {
  const [read, start, abort] = await Promise.all([
    ask(run, { method: 'GET', path: `/packages/${name}` }),
    probe(run, name, 'start'),
    probe(run, name, 'abort'),
  ]);
  const registered = View.safeParse(read.body);
  const pkg = read.status === 200 && registered.success ? registered.data : undefined;
  // Whose repository it is comes after the body is read: what refuses an abort would refuse a start that is complete.
  const started = isForbidden(abort) && !isForbidden(start) ? abort : start;
  const findings = [
    registry(run, name, probeAnswer(read), pkg),
    judgePermission(asked(run, name, 'start', PROBES.start.operation), started),
    judgePermission(asked(run, name, 'abort', PROBES.abort.operation), abort),
  ];
  return { pkg, findings };
}

const isForbidden = ({ status }: ProbeAnswer) => status === 401 || status === 403;

async function probe(run: DoctorRun, name: string, which: keyof typeof PROBES): Promise<ProbeAnswer> {
  const { path, body } = PROBES[which];
  return probeAnswer(await ask(run, { method: 'POST', path: `/packages/${name}/${path}`, body }));
}

function asked({ caller }: DoctorRun, pkg: string, check: Asked['check'], operation: Operation): Asked {
  const route = ROUTES.find((one) => one.operation === operation);
  const admitted = route !== undefined && caller?.kind !== undefined && admits(route, caller.kind);
  return { package: pkg, check, caller, admitted };
}

/** A shared role proves its repository with every call. */
async function ask({ ports, caller, interrupted }: DoctorRun, request: ApiRequest): Promise<ApiAnswer> {
  const token = caller?.kind === 'workflow' ? await ports.workflow?.token(TOKEN_AUDIENCE) : undefined;
  const headers = token?.given === true ? { [TOKEN_HEADER]: token.token } : {};
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
