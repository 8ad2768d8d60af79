/** What a diff needs of the deployer: inputs worked out as they would be applied, and those that are deployed, each with its secrets. */
import { keys } from '../../../domain/keys.ts';
import type { FrozenDeployment, FrozenPlan } from '../../../domain/rollout/frozen-plan.ts';
import type { Deps } from '../deps.ts';
import { failureOf } from '../failures.ts';
import { findMissing } from '../find-missing.ts';
import { hushedDeps, newHush } from '../hush.ts';
import { ownValuesOf } from '../own-values.ts';
import { prepareInputs } from '../prepare.ts';
import type { Trouble } from '../values/trouble.ts';
import type { DeployedValues, DiffDeps, PreparedPreview } from './preview-deps.ts';
import { deployedLeaves } from './show-values.ts';

/** The plan's own item is gone: nobody knows which values its rollout would bring. A bug, or a plan that is over. */
export class PlanGone extends Error {
  override readonly name = 'PlanGone';
}

/** `look` and `recordSize` are the technology's. */
export function readyToDiff(deps: Deps, of: Pick<DiffDeps, 'look' | 'recordSize'>): DiffDeps {
  const { plans, now, log, digest, canonical } = deps;
  return {
    ...{ plans, now, log, digest, canonical },
    ...of,
    prepare: (plan, deployment) => prepared(deps, plan, deployment),
    deployed: (plan, deployment) => deployed(deps, plan, deployment),
    remedy: async (plan, deployment, refused) =>
      (await failureOf(deps, { ...deployment, package: plan.package }, refused)).because,
  };
}

/** @throws PlanGone */
async function prepared(deps: Deps, plan: FrozenPlan, deployment: FrozenDeployment): Promise<PreparedPreview> {
  const { package: pkg, rolloutId: planId } = plan;
  const item = await deps.table.get(keys.plan(pkg, planId));
  if (item === undefined) throw new PlanGone(`package ${pkg} has no plan ${planId}`);
  const hush = newHush();
  const hushed = hushedDeps(deps, hush);
  // A plan of changed layers keeps the own values of what was attempted there last.
  const { inputs: frozen } = deployment;
  const kept =
    frozen.valuesOf === undefined ? undefined : await ownValuesOf(hushed, { inputs: frozen, rolloutId: planId });
  if (kept?.ok === false) return blocked(kept, hush.redact);
  const ready = await prepareInputs(hushed, { ...deployment, package: pkg, own: kept?.own ?? item.values }, []);
  if (!ready.ok) return blocked(ready, hush.redact);
  const { inputs, chart, resolved } = ready;
  const missing = await findMissing(deps, chart.feature, deployment);
  return {
    ok: true,
    ...{ inputs, chart, leaves: resolved.leaves, orphans: resolved.orphans },
    secrets: [...hush.known(), ...resolved.secrets],
    ...(missing !== undefined && { missing: hush.redact(said(missing)) }),
  };
}

async function deployed(deps: Deps, plan: FrozenPlan, deployment: FrozenDeployment): Promise<DeployedValues> {
  const hush = newHush();
  const { version, leaves, inputs, note } = await deployedLeaves(hushedDeps(deps, hush), plan.package, deployment);
  const secrets = hush.known();
  if (leaves !== undefined) return { known: true, leaves, secrets, ...(inputs && { inputs }) };
  const because = hush.redact(note ?? 'nothing is deployed there');
  // What could not be worked out may have had secrets that were not even read.
  return { known: false, because, secrets, unsure: version !== undefined };
}

function blocked({ answer }: Trouble, redact: (text: string) => string): PreparedPreview {
  const because = redact(said({ answer }));
  return { ok: false, code: 'failure' in answer ? answer.failure.code : 'unreachable', because };
}

const said = ({ answer }: Pick<Trouble, 'answer'>): string =>
  'because' in answer ? answer.because : answer.failure.because;
