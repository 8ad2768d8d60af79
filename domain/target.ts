/** Which environments a target means: all whose labels contain every label of the target; `{}` matches all. */
export type Labels = Readonly<Record<string, string>>;

/** True when `labels` contain all of `target`. */
export function matches(target: Labels, labels: Labels): boolean {
  return Object.entries(target).every(([key, value]) => labels[key] === value);
}
