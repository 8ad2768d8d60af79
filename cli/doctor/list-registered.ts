import type { EnvironmentView } from '../../contracts/api/environment.ts';
import { admits } from '../../contracts/api/route.ts';
import { ROUTES } from '../../contracts/api/routes.ts';
import type { Finding } from '../../domain/doctor/finding.ts';
import { fairleadApi } from '../fairlead-api.ts';
import type { DoctorRun } from './doctor-run.ts';

/** What is looked at, by name. */
export interface Chosen {
  /** Empty: all that the caller may list. */
  readonly packages: readonly string[];
  readonly environments: readonly string[];
}

export interface Registered {
  /** Which are looked at. */
  readonly packages: readonly string[];
  /** Every environment that there is; undefined when the caller may not see them. */
  readonly all: readonly EnvironmentView[] | undefined;
  readonly findings: readonly Finding[];
}

/** More do not fit a screen. */
const MOST = 10;

/** Operators and readers may list; for others the flags or `fairlead.yaml` say what is their own. */
export async function listRegistered(run: DoctorRun, chosen: Chosen): Promise<Registered> {
  const { kind } = run.caller ?? {};
  const lists = ROUTES.find(({ operation }) => operation === 'listEnvironments');
  if (kind !== undefined && lists !== undefined && !admits(lists, kind)) return ownOf(run, chosen);
  const api = fairleadApi({ call: (request) => run.ports.client.call({ signal: run.interrupted, ...request }) });
  const [packages, environments] = await Promise.all([
    named(run, 'package', async () => (await api.packages()).packages),
    named(run, 'environment', async () => (await api.environments()).environments),
  ]);
  const listed = packages.found?.map(({ name }) => name) ?? [];
  const some = chosen.packages.length > 0 ? { names: chosen.packages, findings: [] } : firstOf('package', listed);
  const findings = [packages, environments, some].flatMap((one) => one.findings);
  return { all: environments.found, packages: some.names, findings };
}

type Kind = 'package' | 'environment';
interface Listed<T> {
  readonly found: readonly T[] | undefined;
  readonly findings: readonly Finding[];
}

async function named<T>({ interrupted }: DoctorRun, area: Kind, list: () => Promise<readonly T[]>): Promise<Listed<T>> {
  try {
    const found = await list();
    if (found.length > 0) return { found, findings: [] };
    const fix = `an operator registers one: fairlead ${area} put NAME`;
    return { found, findings: [{ area, check: 'registry', state: 'warn', says: `no ${area} is registered yet`, fix }] };
  } catch (error: unknown) {
    interrupted.throwIfAborted();
    const says = `${area}s cannot be listed: ${error instanceof Error ? error.message : String(error)}`;
    const fix =
      'the lines of caller and endpoint say who signs, and where; sign in as {name}-operator or {name}-reader';
    return { found: undefined, findings: [{ area, check: 'registry', state: 'fail', says, fix }] };
  }
}

/** As many as fit the screen, and a line about the others. */
export function firstOf(area: Kind, names: readonly string[]) {
  const left = names.length - MOST;
  const says = `${left} more ${area}s were not looked at: name them with --${area}`;
  const skipped: Finding = { area, check: 'registry', state: 'skipped', says };
  return { names: names.slice(0, MOST), findings: left > 0 ? [skipped] : [] };
}

function ownOf({ caller, configured }: DoctorRun, { packages }: Chosen): Registered {
  const configuredFor = configured?.sources.find(({ name }) => name === caller?.source)?.packages ?? [];
  const own = packages.length > 0 ? packages : configuredFor;
  const unseen: Finding = {
    area: 'environment',
    check: 'registry',
    state: 'skipped',
    says: `environments are not for ${caller?.role ?? 'this caller'} to see: an operator or reader looks at them`,
  };
  const unnamed: Finding = {
    area: 'package',
    check: 'registry',
    state: 'warn',
    says: 'no package is named, and this role may not list them',
    fix: 'give --package PACKAGE, or --config fairlead.yaml',
  };
  return { all: undefined, packages: own, findings: own.length > 0 ? [unseen] : [unnamed, unseen] };
}
