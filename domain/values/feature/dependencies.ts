/** Is everything healthy that a chart needs beside it (`dependencies` of its `Feature.yaml`)? */
import type { Dependency } from './feature.ts';

/** How a package stands in the environment now; `because` says what is wrong with it. */
export type Standing = { readonly healthy: true } | { readonly healthy: false; readonly because: string };

/** Every package that is named, once. */
export function neededPackages(dependencies: readonly Dependency[]): readonly string[] {
  return [...new Set(dependencies.flatMap((one) => ('allOf' in one ? one.allOf : one.anyOf)))];
}

/** What is missing, in one sentence; nothing when each dependency is satisfied. */
export function missingDependencies(
  dependencies: readonly Dependency[],
  standing: ReadonlyMap<string, Standing>,
): string | undefined {
  const whyNot = (name: string): string[] => {
    const found = standing.get(name);
    if (found?.healthy === true) return [];
    return [`${name} ${found?.because ?? 'was not looked at'}`];
  };
  const missing = dependencies.flatMap((one) => {
    if ('allOf' in one) return one.allOf.flatMap(whyNot);
    const reasons = one.anyOf.map(whyNot);
    return reasons.some((reason) => reason.length === 0)
      ? []
      : [`one of ${one.anyOf.join(', ')}: ${reasons.flat().join(', ')}`];
  });
  if (missing.length === 0) return undefined;
  return `it needs ${missing.join('; ')}: roll that out first, then retry`;
}
