/**
 * Whoever may start a rollout may name stages of its own, but not walk around a gate with them: an environment that stands
 * behind a gate in the package's stages or the installation's promotion order stands behind one at least as strict in any
 * stage that workflows name. A stage that says nothing of a gate gets that one.
 */
import type { EnvironmentItem, Gate, PackageItem, StageRequest } from '../items/registry.ts';
import { matches } from '../target.ts';

export type GatesKept =
  | { readonly kept: true; readonly stages: readonly StageRequest[] }
  | { readonly kept: false; readonly because: string };

/** Where gates come from that callers cannot leave out. What a repository says of its own package does not take the installation's away. */
export function guardsOf(
  { stages, claimedBy }: Pick<PackageItem, 'stages' | 'claimedBy'>,
  promotionOrder: readonly StageRequest[] = [],
): readonly (readonly StageRequest[])[] {
  if (stages === undefined) return [promotionOrder];
  return claimedBy === undefined ? [stages] : [stages, promotionOrder];
}

/** `stages` with the gates of `guards`. An environment belongs to the first stage that matches it. */
export function keepGates(
  stages: readonly StageRequest[],
  guards: readonly (readonly StageRequest[])[],
  environments: readonly EnvironmentItem[],
): GatesKept {
  const kept: StageRequest[] = [];
  for (const stage of stages) {
    const own = environments.filter((environment) => ownerOf(stages, environment) === stage);
    const asked = own.flatMap((environment) => asksOf(guards, environment));
    const gate = stage.gate ?? asked[0]?.gate;
    const weaker = asked.find((one) => gate === undefined || !isAsStrict(gate, one.gate));
    if (weaker !== undefined) return { kept: false, because: sentence(stage, weaker) };
    kept.push(gate === undefined ? stage : { ...stage, gate });
  }
  return { kept: true, stages: kept };
}

interface Asked {
  readonly environment: string;
  readonly stage: string;
  readonly gate: Gate;
}

function asksOf(guards: readonly (readonly StageRequest[])[], environment: EnvironmentItem): readonly Asked[] {
  return guards.flatMap((guard) => {
    const owner = ownerOf(guard, environment);
    return owner?.gate === undefined ? [] : [{ environment: environment.name, stage: owner.name, gate: owner.gate }];
  });
}

function ownerOf(stages: readonly StageRequest[], { labels }: EnvironmentItem): StageRequest | undefined {
  return stages.find(({ targets }) => targets.some((target) => matches(target, labels)));
}

/** Asks for as many approvals of nobody else, and for every status. */
function isAsStrict(gate: Gate, asked: Gate): boolean {
  return (
    gate.approvals >= asked.approvals &&
    (asked.authorMayApprove || !gate.authorMayApprove || gate.approvals === 0) &&
    asked.statuses.every((name) => gate.statuses.includes(name)) &&
    (asked.approvals === 0 || isOnlyOf(gate.approvers, asked.approvers))
  );
}

type Approvers = Gate['approvers'];

function isOnlyOf(approvers: Approvers, asked: Approvers): boolean {
  if (asked === undefined || approvers === undefined) return asked === approvers;
  return (
    approvers.roles.every((role) => asked.roles.includes(role)) &&
    approvers.githubEnvironments.every((environment) => asked.githubEnvironments.includes(environment))
  );
}

function sentence({ name }: StageRequest, { environment, stage, gate }: Asked): string {
  const asks = [
    ...(gate.approvals > 0 ? [`${gate.approvals} approval${gate.approvals === 1 ? '' : 's'}`] : []),
    ...(gate.statuses.length > 0 ? [`status ${gate.statuses.join(', ')}`] : []),
  ].join(' and ');
  return `stage ${name} reaches ${environment}, which stands behind the gate of stage ${stage} (${asks}): give ${name} a gate at least as strict, or leave the stages to the package`;
}
