import { commit } from '../../../domain/commit.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import { forgetEnvironment } from '../../../domain/registry/forget.ts';
import type { Answer, Call } from '../call.ts';
import type { Deps } from '../deps.ts';
import { Refused } from '../refused.ts';
import { ifMatch, openIn } from '../write-registry.ts';

/** DELETE /environments/{environment}: 204, unless a rollout may touch it or a release stands there. */
export async function deleteEnvironment({ table, patience }: Deps, call: Call): Promise<Answer> {
  const { environment } = call;
  const match = ifMatch(call);
  const answer = await commit(table, patience, async () => {
    const [current, registry, packages, standing, values] = await Promise.all([
      table.get(keys.environment(environment)),
      table.get(keys.registry()),
      table.query(ranges.packages()),
      table.query(ranges.releases(environment)),
      table.query(ranges.environmentValues(environment)),
    ]);
    const names = packages.map(({ name }) => name);
    const open = await openIn(table, names, environment);
    const result = forgetEnvironment(environment, { current, registry, standing, open, values }, match);
    return { writes: 'writes' in result ? result.writes : [], result };
  });
  if (answer.answer !== 'forgotten') throw new Refused(answer.answer, answer.because);
  return { status: 204 };
}
