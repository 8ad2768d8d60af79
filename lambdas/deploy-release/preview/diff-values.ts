/** Which values would be other ones than those that are deployed, and who sets them; secrets by their keyed digests. */
import type { PlanProblem, ValueChange } from '../../../domain/plan-diff/environment-diff.ts';
import { sameJson } from '../../../domain/plan-diff/same-json.ts';
import { compareLeaves } from '../../../domain/values/compare-leaves.ts';
import { type Leaf, pathText } from '../../../domain/values/effective.ts';
import { originText } from '../../../domain/values/origin-text.ts';
import { type Concealing, digested, shown } from './conceal.ts';
import type { DeployedValues, PreparedPreview } from './preview-deps.ts';

const MAX_CHANGES = 500;

export interface ValuesDiff {
  readonly changes: readonly ValueChange[];
  readonly problems: readonly PlanProblem[];
}

/** Nothing is told against what nobody knows. */
export async function diffValues(
  of: Concealing,
  { leaves, orphans }: Pick<Extract<PreparedPreview, { ok: true }>, 'leaves' | 'orphans'>,
  deployed: DeployedValues,
): Promise<ValuesDiff> {
  const problems = orphans.map(
    ({ path, origin, because }): PlanProblem => ({
      code: 'orphaned-value',
      blocks: false,
      because: `${pathText(path)} of ${originText(origin)} is not used: ${because}`,
    }),
  );
  if (!deployed.known) return { changes: [], problems };
  const compared = compareLeaves(leaves, deployed.leaves, sameJson);
  const changed = compared.leaves.filter(({ change }) => change !== 'same');
  const pairs = [
    ...changed.map(({ leaf, was }) => ({ leaf, from: was, to: leaf as Leaf | undefined })),
    ...compared.removed.map((leaf) => ({ leaf, from: leaf, to: undefined })),
  ];
  const changes = await Promise.all(pairs.slice(0, MAX_CHANGES).map((pair) => changeOf(of, pair)));
  return { changes, problems };
}

interface Pair {
  readonly leaf: Leaf;
  readonly from: Leaf | undefined;
  readonly to: Leaf | undefined;
}

async function changeOf(of: Concealing, { leaf, from, to }: Pair): Promise<ValueChange> {
  // Where one of them is a secret, the other may tell of it.
  const hides = [from, to].some((one) => one !== undefined && (one.secret || tells(of, one.value)));
  const say = hides ? digested : shown;
  const [was, will] = await Promise.all([say(of, from?.value), say(of, to?.value)]);
  return {
    key: pathText(leaf.path),
    ...(was && { from: was }),
    ...(will && { to: will }),
    ...(to !== undefined && { origin: originText(to.origin) }),
  };
}

function tells({ redact, canonical }: Concealing, value: unknown): boolean {
  const text = typeof value === 'string' ? value : canonical(value);
  return redact(text) !== text;
}
