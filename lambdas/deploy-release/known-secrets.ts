/**
 * The secrets of a deployment, for operations that gather no values and yet hand on what the cluster says: they are worked out
 * again, by the frozen inputs, and kept while the process lives.
 */
import type { DeploymentItem } from '../../domain/items/deployment.ts';
import { keys } from '../../domain/keys.ts';
import type { Deps } from './deps.ts';
import type { Hush } from './hush.ts';
import { mayHoldSecrets } from './may-hold-secrets.ts';
import { ownValuesOf } from './own-values.ts';
import { prepareInputs } from './prepare.ts';

/** Learns them into `hush`. Answers why they cannot be known, if so: then nothing that others wrote may be told. */
export type LearnSecrets = (hush: Hush, deployment: DeploymentItem) => Promise<string | undefined>;

const MOST_KEPT = 50;

/** One for a process. `hushed` are the deps of a call, whose secrets are learnt as they are read. */
export function knownSecrets() {
  const kept = new Map<string, readonly string[]>();
  return (hushed: Deps): LearnSecrets =>
    async (hush, deployment) => {
      const known = kept.get(keyOf(deployment));
      if (known !== undefined) {
        hush.learn(known);
        return undefined;
      }
      const because = await learnAnew(hushed, deployment);
      if (because !== undefined) return because;
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(keyOf(deployment), hush.known());
      return undefined;
    };
}

/** Each try anew: what a reference without a version leads to may be another secret by then. */
const keyOf = ({ rolloutId, environment, attempt, inputs }: DeploymentItem) =>
  `${rolloutId} ${environment} ${attempt} ${inputs.digest}`;

/** All that is read and worked out is learnt on the way. */
async function learnAnew(hushed: Deps, deployment: DeploymentItem): Promise<string | undefined> {
  if (!(await mayHoldSecrets(hushed, deployment.inputs))) return undefined;
  const own = await ownValuesOf(hushed, deployment);
  const prepared = own.ok ? await prepareInputs(hushed, { ...deployment, own: own.own }, []) : own;
  if (prepared.ok) return undefined;
  const { answer } = prepared;
  return 'failure' in answer ? answer.failure.because : answer.because;
}

/** The deployment whose inputs were good there last: a roll-back brings them back, and what is said of it may speak of them. */
export async function goodBefore(
  { table }: Pick<Deps, 'table'>,
  { environment, package: pkg }: DeploymentItem,
): Promise<DeploymentItem | undefined> {
  const good = (await table.get(keys.release(environment, pkg)))?.good?.at(-1);
  return good === undefined ? undefined : await table.get(keys.deployment(good.rolloutId, environment));
}
