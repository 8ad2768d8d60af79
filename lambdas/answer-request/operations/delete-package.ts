import { commit } from '../../../domain/commit.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import { forgetPackage } from '../../../domain/registry/forget.ts';
import type { Answer, Call } from '../call.ts';
import type { Deps } from '../deps.ts';
import { Refused } from '../refused.ts';
import { ifMatch, releasesOf } from '../write-registry.ts';

/** DELETE /packages/{package}: 204, unless a rollout is open or a release stands. */
export async function deletePackage({ table, patience }: Deps, call: Call): Promise<Answer> {
  const match = ifMatch(call);
  const answer = await commit(table, patience, async () => {
    const [current, counter, registry, open, environments] = await Promise.all([
      table.get(keys.package(call.package)),
      table.get(keys.counter(call.package)),
      table.get(keys.registry()),
      table.query(ranges.open(call.package)),
      table.query(ranges.environments()),
    ]);
    const names = environments.map(({ name }) => name);
    const standing = await releasesOf(table, call.package, names);
    const result = forgetPackage(call.package, { current, counter, registry, open, standing }, match);
    return { writes: 'writes' in result ? result.writes : [], result };
  });
  if (answer.answer !== 'forgotten') throw new Refused(answer.answer, answer.because);
  return { status: 204 };
}
