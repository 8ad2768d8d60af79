/**
 * Bugs on purpose, to see that they are found. No shipped file knows of them: one line of one file is another one when it
 * is loaded. A plant whose line is not there exactly once says so instead of passing for a bug that nobody finds.
 */
import { registerHooks } from 'node:module';

export interface Plant {
  /** From the project's root. */
  readonly file: string;
  readonly instead: string;
  readonly of: string;
  /** What is wrong then. */
  readonly means: string;
}

export const PLANTS: Readonly<Record<string, Plant>> = {
  'lease-check-removed': {
    file: 'domain/deployment/lease.ts',
    of: 'operation !== undefined && isLive(operation, now) && operation.requestId !== wish.requestId',
    instead: 'operation !== undefined && Number.isNaN(now.getTime())',
    means: 'a call claims its operation although another call may still be at work',
  },
  'fence-ignored': {
    file: 'adapters/helm/write-fence.ts',
    of: 'return async () => {',
    instead: 'return async () => {\n    if (!lost) return true;',
    means: 'the fence lets every write of helm through',
  },
  'condition-dropped': {
    file: 'domain/deployment/record-begin.ts',
    of: '    unchanged(keys.rollout(rolloutId), rollout),\n',
    instead: '',
    means: 'Begin does not mind that its rollout was aborted or ended since it looked',
  },
  'token-not-rechecked': {
    file: 'lambdas/store-wait/handler.ts',
    of: 'if (!waits) await machines.wake(token);',
    instead: "if (!waits && stored !== 'stored') await machines.wake(token);",
    means: 'whoever stores a token does not look whether its wait is over already',
  },
  'rollback-not-holding': {
    file: 'domain/deployment/finish-deployment.ts',
    of: '...(ending.provedBad ? quarantine(seen, ending, now) : []),',
    instead: '',
    means: 'inputs that were rolled back are applied again by the next rollout that has them',
  },
  'sequence-not-compared': {
    file: 'domain/deployment/begin-deployment.ts',
    of: 'release.highestSequence > rollout.sequence',
    instead: 'release.highestSequence < 0',
    means: 'an older rollout begins where a newer one has begun',
  },
};

/** A plant that does not fit the file any more. */
export class PlantOutOfDate extends Error {
  override readonly name = 'PlantOutOfDate';
}

/** From now on `name` is loaded with its bug. Must come before anything shipped is loaded. @throws PlantOutOfDate when it is loaded */
export function plantBug(name: string): void {
  const plant = PLANTS[name];
  if (plant === undefined) throw new PlantOutOfDate(`there is no plant ${name}: ${Object.keys(PLANTS).join(', ')}`);
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      return url.endsWith(`/${plant.file}`) ? { ...loaded, source: planted(plant, String(loaded.source)) } : loaded;
    },
  });
}

/** The file's text with the bug in it. @throws PlantOutOfDate */
export function planted({ file, of, instead }: Plant, source: string): string {
  const pieces = source.split(of);
  if (pieces.length !== 2) throw new PlantOutOfDate(`${file} has ${pieces.length - 1} times: ${of}`);
  return pieces.join(instead);
}
