/** Runs checks side by side, a few at once, each with an end: one that breaks or hangs becomes a line of its own. */
import { clip } from '../../domain/clip.ts';
import type { Area, Finding } from '../../domain/doctor/finding.ts';

export interface Check {
  readonly area: Area;
  readonly of?: string;
  readonly check: string;
  run(): Promise<readonly Finding[]>;
}

export interface CheckRun {
  readonly atOnce: number;
  readonly timeoutMilliseconds: number;
  /** Told after each check. */
  readonly progress: (done: number, all: number, now: string) => void;
  readonly interrupted: AbortSignal;
}

/** The findings in the order of the checks. @throws AbortError at Ctrl-C */
export async function runChecks(checks: readonly Check[], run: CheckRun): Promise<readonly Finding[]> {
  const found = new Map<Check, readonly Finding[]>();
  const waiting = [...checks];
  const work = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      found.set(check, await one(check, run));
      run.interrupted.throwIfAborted();
      run.progress(found.size, checks.length, [check.area, check.of].filter(Boolean).join(' '));
    }
  };
  await Promise.all(Array.from({ length: run.atOnce }, work));
  return checks.flatMap((check) => found.get(check) ?? []);
}

async function one(check: Check, { timeoutMilliseconds, interrupted }: CheckRun): Promise<readonly Finding[]> {
  const end = AbortSignal.any([interrupted, AbortSignal.timeout(timeoutMilliseconds)]);
  const late = new Promise<never>((_, reject) => {
    end.addEventListener('abort', () => reject(end.reason), { once: true });
  });
  // Nobody may be left to hear it when the check is quicker.
  late.catch(() => undefined);
  try {
    return await Promise.race([check.run(), late]);
  } catch (error: unknown) {
    interrupted.throwIfAborted();
    const { area, of, check: name } = check;
    const because = end.aborted ? `no answer within ${timeoutMilliseconds / 1000} s` : wordsOf(error);
    const fix =
      'the lines above say what else is wrong; try again when they are mended, with --endpoint when it is another installation';
    return [{ area, ...(of !== undefined && { of }), check: name, state: 'fail', says: because, fix }];
  }
}

const wordsOf = (error: unknown) => clip(error instanceof Error ? error.message : String(error), 500);
