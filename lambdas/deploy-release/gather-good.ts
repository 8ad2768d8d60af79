/** The inputs that were good here last, as they were frozen: nothing is asked of Parameter Store, nothing is resolved anew. */
import type { RollBackAnswer } from '../../contracts/deployer.ts';
import type { GoodInputs } from '../../domain/items/release.ts';
import { keys } from '../../domain/keys.ts';
import type { HelmInputs } from '../../domain/release/helm.ts';
import type { Cluster, Deps } from './deps.ts';
import type { Work } from './operation.ts';
import { prepare } from './prepare.ts';

export type GoodAgain =
  | {
      readonly ok: true;
      /** Whose digest was asked for. */
      readonly inputsDigest: string;
      readonly inputs: HelmInputs;
      readonly hooks: readonly string[];
    }
  | { readonly ok: false; readonly answer: RollBackAnswer };

/** All of it, or what is gone by name. The release's place is that of now: it has one in the world. */
export async function gatherGood(
  deps: Deps,
  { deployment }: Work,
  good: GoodInputs,
  cluster: Cluster,
): Promise<GoodAgain> {
  const { rolloutId, version, revision, inputsDigest } = good;
  const { environment, place } = deployment;
  const refused = (because: string): GoodAgain => ({
    ok: false,
    answer: {
      outcome: 'refused',
      because: `helm no longer remembers revision ${revision}, and ${version} of rollout ${rolloutId} cannot be applied again: ${because}`,
    },
  });
  const then = await deps.table.get(keys.deployment(rolloutId, environment));
  if (then === undefined || then.inputs.digest !== inputsDigest) {
    return refused(`its deployment into ${environment} is no longer on record`);
  }
  const valuesOf = then.inputs.valuesOf ?? rolloutId;
  const request = await deps.table.get(keys.request(valuesOf));
  if (request === undefined) return refused(`the values that rollout ${valuesOf} was started with are gone`);
  const prepared = await prepare(deps, { ...then, place }, { values: [] }, cluster);
  if (prepared.ok) return { ok: true, inputsDigest, inputs: prepared.inputs, hooks: prepared.hooks };
  const { answer } = prepared;
  if (answer.outcome === 'unreachable') return { ok: false, answer };
  return refused(answer.failure.because);
}
