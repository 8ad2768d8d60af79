/** A crowd through a narrow door: only so many at once, the others in the order in which they came. */

/** Runs what it is given, at most `most` at once. What fails gives its place on like any other. */
export function takeTurns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let busy = 0;
  return async (work) => {
    if (busy < most) busy += 1;
    else await new Promise<void>((myTurn) => waiting.push(myTurn));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // The place goes straight to the next one, so that nobody slips in between.
      if (next === undefined) busy -= 1;
      else next();
    }
  };
}
