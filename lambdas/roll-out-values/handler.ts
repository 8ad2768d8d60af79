import { ranges } from '../../domain/keys.ts';
import { isSweepTurn } from '../../domain/values-change/sweep-turn.ts';
import { carryOut } from './carry-out.ts';
import type { Deps } from './deps.ts';
import { sweepPackage } from './sweep.ts';

/** How much of each was done. */
export interface RolledOut {
  /** Changes that were found though no event had told of them. */
  readonly found: number;
  readonly started: number;
  readonly announced: number;
  /** Changes of which nothing came. */
  readonly ended: number;
}

/** Some packages could not be looked at. All others were; the alarm is for a person. */
export class DoneInPart extends Error {
  override readonly name = 'DoneInPart';
}

/**
 * Every minute: finds what no event has told, of the packages whose turn it is, and acts on every change that is due. A package that cannot
 * be looked at keeps no other from it.
 * @throws DoneInPart at the end, where there was such a one.
 */
export function rollOutValues(deps: Deps) {
  return async (): Promise<RolledOut> => {
    const broken = new Set<string>();
    const guarded = async <T>(name: string, work: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await work();
      } catch (error) {
        deps.log.error('package not looked at', { package: name, error });
        broken.add(name);
        return undefined;
      }
    };
    const found = await sweep(deps, guarded);
    const done: string[] = [];
    for (const change of await deps.table.query(ranges.changes())) {
      if (change.state !== 'gathering') continue;
      const answer = await guarded(change.package, () => carryOut(deps, change.package));
      if (answer !== undefined) done.push(answer.is);
    }
    if (broken.size > 0) throw new DoneInPart(sentence([...broken]));
    const count = (is: string) => done.filter((one) => one === is).length;
    return { found, started: count('started'), announced: count('announced'), ended: count('ended') };
  };
}

type Guarded = <T>(name: string, work: () => Promise<T>) => Promise<T | undefined>;

/** One package after the other: an account has 40 calls of Parameter Store's a second, and deployments need them too. */
async function sweep(deps: Deps, guarded: Guarded): Promise<number> {
  const packages = await deps.table.query(ranges.packages());
  const turn = packages.filter(
    ({ name, valuesRollout }) => valuesRollout !== 'off' && isSweepTurn(name, deps.sweepMinutes, deps.now()),
  );
  if (turn.length === 0) return 0;
  const environments = await deps.table.query(ranges.environments());
  let found = 0;
  for (const pkg of turn) found += (await guarded(pkg.name, () => sweepPackage(deps, pkg, environments))) ?? 0;
  return found;
}

function sentence(broken: readonly string[]): string {
  const more = broken.length - 5;
  const named = `${broken.slice(0, 5).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return `changed values of ${broken.length} package${broken.length === 1 ? '' : 's'} could not be looked at: ${named}; the log says why`;
}
