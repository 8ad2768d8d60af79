/** Which environments does a chart's `Feature.yaml` let it into? By kind: an environment without one fits nowhere. */
import type { EnvironmentItem } from '../../items/registry.ts';
import type { Feature } from './feature.ts';

export interface LeftOut {
  readonly environment: string;
  readonly because: string;
}

/** What is left out of a plan; a chart without the file goes everywhere. */
export function leftOutByKind(
  feature: Pick<Feature, 'environmentKinds'> | undefined,
  environments: readonly { readonly environment: Pick<EnvironmentItem, 'name' | 'kind'> }[],
): readonly LeftOut[] {
  if (feature === undefined) return [];
  const kinds = feature.environmentKinds;
  return environments.flatMap(({ environment: { name, kind } }) => {
    if (kind !== undefined && kinds.includes(kind)) return [];
    const is = kind === undefined ? 'has no kind' : `is of kind ${kind}`;
    return [{ environment: name, because: `${is}; Feature.yaml names ${kinds.join(', ')}` }];
  });
}

const MOST_NAMED = 5;

/** In one sentence, for the history. */
export function leftOutText(leftOut: readonly LeftOut[]): string {
  const named = leftOut.slice(0, MOST_NAMED).map(({ environment, because }) => `${environment} (${because})`);
  const more = leftOut.length - named.length;
  return `not for ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
