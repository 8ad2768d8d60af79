/** Every value that one environment would get, with its origin, and how it differs from what is deployed there. Nothing is changed. */
import type { EffectiveValue, OriginView, ValuesAnswer } from '../../../contracts/api/effective.ts';
import { PlanFile } from '../../../contracts/plan.ts';
import type { PreviewInput } from '../../../contracts/preview.ts';
import type { JsonMap } from '../../../domain/json.ts';
import { keys } from '../../../domain/keys.ts';
import type { HelmInputs } from '../../../domain/release/helm.ts';
import { type FrozenDeployment, type FrozenPlan, planKey } from '../../../domain/rollout/frozen-plan.ts';
import { compareLeaves } from '../../../domain/values/compare-leaves.ts';
import { type Leaf, type Origin, pathText } from '../../../domain/values/effective.ts';
import { originText } from '../../../domain/values/origin-text.ts';
import type { Deps } from '../deps.ts';
import { ownValuesOf } from '../own-values.ts';
import { prepareInputs } from '../prepare.ts';
import type { Trouble } from '../values/trouble.ts';

type Input = Extract<PreviewInput, { operation: 'values' }>;
type Planned = { readonly plan: FrozenPlan; readonly deployment: FrozenDeployment };

/** The plan that a view is of has no such environment: a bug, not an outcome. */
export class ViewMissing extends Error {
  override readonly name = 'ViewMissing';
}

/** @throws ViewMissing */
export function showValues(deps: Deps) {
  return async ({ planId, environment }: Input): Promise<ValuesAnswer> => {
    const { plan, deployment } = await plannedFor(deps, planId, environment);
    const before = await deployedLeaves(deps, plan.package, deployment);
    // What its rollout brought along stays as long as the version does.
    const own = before.version === plan.version ? (before.own ?? {}) : {};
    const prepared = await prepareInputs(deps, { ...deployment, package: plan.package, own }, []);
    if (!prepared.ok) return { outcome: 'blocked', because: becauseOf(prepared) };
    const { leaves, orphans } = prepared.resolved;
    const view = viewOf(deps);
    const compared = before.leaves === undefined ? undefined : compareLeaves(leaves, before.leaves, sameBy(deps));
    const changes = compared?.leaves ?? leaves.map((leaf) => ({ leaf, change: undefined, was: undefined }));
    return {
      outcome: 'shown',
      view: {
        package: plan.package,
        environment,
        version: plan.version,
        ...(before.version !== undefined && { deployed: before.version }),
        values: await Promise.all(
          changes.map(
            async ({ leaf, change, was }): Promise<EffectiveValue> => ({
              ...(await view.leaf(leaf)),
              ...(change !== undefined && { change }),
              ...(was !== undefined && { was: await view.shown(was) }),
            }),
          ),
        ),
        removed: await Promise.all(
          (compared?.removed ?? []).map(async (leaf) => ({ key: pathText(leaf.path), ...(await view.shown(leaf)) })),
        ),
        orphans: orphans.map(({ path, origin, because }) => ({
          key: pathText(path),
          origin: originView(origin),
          because,
        })),
        notes: before.note === undefined ? [] : [before.note],
      },
    };
  };
}

/** What a plan by itself says of one environment. @throws ViewMissing */
export async function plannedFor(
  { plans }: Pick<Deps, 'plans'>,
  planId: string,
  environment: string,
): Promise<Planned> {
  const file = await plans.get(planKey(planId, 'plans'));
  if (file === undefined) throw new ViewMissing(`there is no plan ${planId}`);
  const plan = PlanFile.parse(JSON.parse(new TextDecoder().decode(file)));
  const deployment = plan.deployments.find((one) => one.environment === environment);
  if (deployment === undefined) throw new ViewMissing(`plan ${planId} has no ${environment}`);
  return { plan, deployment };
}

interface Deployed {
  readonly version?: string;
  readonly leaves?: readonly Leaf[];
  readonly inputs?: HelmInputs;
  /** The own values of its rollout. */
  readonly own?: JsonMap;
  /** Why it cannot be told. */
  readonly note?: string;
}

/** What the inputs that stand there come to, worked out again from where they are frozen. */
export async function deployedLeaves(
  deps: Deps,
  pkg: string,
  { environment, place }: Pick<FrozenDeployment, 'environment' | 'place'>,
): Promise<Deployed> {
  const release = await deps.table.get(keys.release(environment, pkg));
  const { rolloutId, version } = release ?? {};
  if (rolloutId === undefined || version === undefined) return { note: 'nothing is deployed there' };
  const cannot = (because: string): Deployed => ({ version, note: `how it differs cannot be told: ${because}` });
  const deployment = await deps.table.get(keys.deployment(rolloutId, environment));
  if (deployment === undefined || deployment.inputs.digest !== release?.inputsDigest) {
    return cannot(`what rollout ${rolloutId} brought is not recorded any more`);
  }
  const own = await ownValuesOf(deps, deployment);
  if (!own.ok) return cannot(becauseOf(own));
  const prepared = await prepareInputs(deps, { ...deployment, place, own: own.own }, []);
  if (!prepared.ok) return { ...cannot(becauseOf(prepared)), own: own.own };
  const { resolved, inputs } = prepared;
  return { version, leaves: resolved.leaves, inputs, own: own.own };
}

const becauseOf = ({ answer }: Trouble): string => ('because' in answer ? answer.because : answer.failure.because);

const sameBy =
  ({ canonical }: Pick<Deps, 'canonical'>) =>
  (a: unknown, b: unknown) =>
    canonical(a) === canonical(b);

/** Values as people may see them: of a secret its keyed digest. */
function viewOf({ digest, canonical }: Pick<Deps, 'digest' | 'canonical'>) {
  const shown = async ({ value, secret }: Pick<Leaf, 'value' | 'secret'>) =>
    secret ? { secret: true as const, digest: await digest(canonical(value)) } : { value };
  return {
    shown,
    leaf: async (leaf: Leaf) => ({
      key: pathText(leaf.path),
      ...(await shown(leaf)),
      origin: originView(leaf.origin),
      overrides: await Promise.all(
        leaf.overrides.map(async (below) => ({ ...(await shown(below)), origin: originView(below.origin) })),
      ),
    }),
  };
}

function originView(origin: Origin): OriginView {
  const says = originText(origin);
  if (origin.of === 'computed') return { of: 'computed', says, key: origin.key };
  if (origin.of !== 'layer') return { of: origin.of, says };
  const { parameter, version, at } = origin;
  return { of: 'layer', says, parameter, version, ...(at !== undefined && { line: at.line }) };
}
