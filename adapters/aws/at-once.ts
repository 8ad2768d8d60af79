/** A bound on how many calls are under way. */

/** Runs what it is given, no more than `most` at once, in the order of asking. */
export function atOnce(most: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(run: () => Promise<T>): Promise<T> => {
    if (running >= most) await new Promise<void>((mine) => waiting.push(mine));
    else running++;
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
