import type { EnvironmentView } from '../../contracts/api/environment.ts';
import type { PackageView } from '../../contracts/api/package.ts';
import type { Finding } from '../../domain/doctor/finding.ts';
import type { StageRequest } from '../../domain/items/registry.ts';
import { stagesOf } from '../../domain/registry/stages-of.ts';
import { matches } from '../../domain/target.ts';

const MOST_NAMES = 8;

/** Where the package's stages lead: each stage, and the environments that it matches first. */
export function environmentsOf(
  { stages }: Pick<PackageView, 'stages'>,
  promotionOrder: readonly StageRequest[] | undefined,
  environments: readonly EnvironmentView[],
): readonly { readonly stage: string; readonly environments: readonly EnvironmentView[] }[] {
  const taken = new Set<string>();
  return stagesOf({ ofPackage: stages, promotionOrder }).map(({ name, targets }) => {
    const found = environments.filter(
      (one) => !taken.has(one.name) && targets.some((target) => matches(target, one.labels)),
    );
    for (const one of found) taken.add(one.name);
    return { stage: name, environments: found };
  });
}

/** Whether every stage leads somewhere. */
export function examineStages(
  pkg: PackageView,
  promotionOrder: readonly StageRequest[] | undefined,
  environments: readonly EnvironmentView[],
): Finding {
  const line = { area: 'package', of: pkg.name, check: 'stages' } as const;
  const found = environmentsOf(pkg, promotionOrder, environments);
  if (found.every((stage) => stage.environments.length === 0)) {
    const stages = found.map(({ stage }) => stage).join(', ');
    const fix = 'compare the labels of `fairlead environment list` with the targets of its stages';
    return { ...line, state: 'fail', says: `no environment matches its stages (${stages})`, fix };
  }
  const says = found.map(({ stage, environments: its }) => `${stage}: ${namesOf(its)}`).join('; ');
  const empty = found.filter((stage) => stage.environments.length === 0).map(({ stage }) => stage);
  if (empty.length === 0) return { ...line, state: 'ok', says };
  const fix = `nothing is wrong when stage ${empty.join(', ')} is to be filled later; else compare its targets with the environments' labels`;
  return { ...line, state: 'warn', says, fix };
}

function namesOf(environments: readonly EnvironmentView[]): string {
  const names = environments.map(({ name }) => name);
  if (names.length === 0) return 'no environment';
  return names.length <= MOST_NAMES
    ? names.join(', ')
    : `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`;
}
