/**
 * What is a deployment made of, so exactly that equal digests mean equal inputs? The chart's digest, the bytes of
 * its layers in their order, and the rollout's own values. Neither names nor versions of parameters count:
 * putting the same bytes again makes nothing new, and lifts no quarantine.
 */
import type { FrozenLayer } from '../items/deployment.ts';

/** Canonical JSON (RFC 8785) of a value: equal values, equal text. Passed in, for the domain imports no packages. */
export type Canonical = (value: unknown) => string;

export interface FrozenParts {
  readonly chartDigest: string;
  readonly layers: readonly Pick<FrozenLayer, 'digest'>[];
  /** The rollout's own values, the strongest layer. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** The text whose keyed digest is the inputs digest. */
export function frozenText({ chartDigest, layers, values }: FrozenParts, canonical: Canonical): string {
  return canonical({ v: 1, chartDigest, layers: layers.map(({ digest }) => digest), values });
}
