import { PROBLEM_BASE } from '../../contracts/api/problem.ts';
import type { InspectionView } from '../../contracts/inspection.ts';
import type { Finding } from '../../domain/doctor/finding.ts';
import { Refused } from '../failure.ts';
import { fairleadApi } from '../fairlead-api.ts';
import type { DoctorRun } from './doctor-run.ts';

/** Of a package, and not of the environment alone. */
const OF_PACKAGE = /^(namespace|act-as|chart|rbac:.+)$/;

/** What the environment's deployer sees of its cluster, and of the chart and the rights of `pkg` in it. */
export async function examineEnvironment(
  run: DoctorRun,
  name: string,
  pkg: string | undefined,
): Promise<readonly Finding[]> {
  const line = { area: 'environment', of: name } as const;
  const found = await inspection(run, name, pkg);
  if (found instanceof Refused) return [{ ...line, ...refusal(found, name) }];
  return found.checks.map(({ check, state, says, fix }) => ({
    ...line,
    check,
    ...(pkg !== undefined && OF_PACKAGE.test(check) && { package: pkg }),
    state,
    says,
    ...(fix !== undefined && { fix }),
  }));
}

async function inspection(
  { ports, interrupted, version }: DoctorRun,
  name: string,
  pkg: string | undefined,
): Promise<InspectionView | Refused> {
  const api = fairleadApi({ call: (request) => ports.client.call({ signal: interrupted, ...request }) });
  try {
    return await api.inspection(name, {
      ...(pkg !== undefined && { package: pkg }),
      ...(pkg !== undefined && version !== undefined && { version }),
    });
  } catch (error: unknown) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

function refusal({ problem, message }: Refused, name: string): Omit<Finding, 'area' | 'of'> {
  const type = problem.type.replace(PROBLEM_BASE, '');
  if (type === 'not-found') {
    const fix = `fairlead environment list names those that there are; an operator registers ${name} with fairlead environment put`;
    return { check: 'registry', state: 'fail', says: message, fix };
  }
  if (type === 'no-such-route' || type === 'unauthenticated') {
    const says = `this API takes no inspections, as an older Fairlead does: ${message}`;
    return {
      check: 'inspection',
      state: 'fail',
      says,
      fix: 'deploy the version that this command line is of: npx cdk deploy',
    };
  }
  return {
    check: 'inspection',
    state: 'fail',
    says: message,
    fix: 'look at environments as {name}-operator or {name}-reader',
  };
}
