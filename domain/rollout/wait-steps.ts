/** How long to wait for a moment when only a few lengths are there to choose from. */

/**
 * The longest of `steps` (seconds, rising) that ends before `until`, but at least the shortest: whoever waited decides again.
 * @throws RangeError without steps.
 */
export function stepBefore<S extends number>(steps: readonly S[], until: Date, now: Date): S {
  const left = (until.getTime() - now.getTime()) / 1000;
  const found = steps.filter((step) => step <= left).at(-1) ?? steps[0];
  if (found === undefined) throw new RangeError('there are no steps to wait');
  return found;
}
