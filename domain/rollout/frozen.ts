/**
 * What is a deployment made of, so exactly that equal digests mean equal inputs? The chart's digest, the bytes of
 * its layers in their order, and the rollout's own values. Neither names nor versions of parameters count:
 * putting the same bytes again makes nothing new, and lifts no quarantine.
 */
import type { FrozenLayer, FrozenSecretLayer } from '../items/deployment.ts';

/** Canonical JSON (RFC 8785) of a value: equal values, equal text. Passed in, for the domain imports no packages. */
export type Canonical = (value: unknown) => string;

export interface FrozenParts {
  readonly chartDigest: string;
  readonly layers: readonly Pick<FrozenLayer, 'digest'>[];
  readonly secretLayers?: readonly Pick<FrozenSecretLayer, 'digest' | 'after'>[] | undefined;
  readonly facts?: { readonly digest: string } | undefined;
  /** The rollout's own values, the strongest layer. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** The text whose keyed digest is the inputs digest. What is absent leaves no trace, so that digests of before stay as they were. */
export function frozenText(parts: FrozenParts, canonical: Canonical): string {
  const { chartDigest, layers, secretLayers, facts, values } = parts;
  return canonical({
    v: 1,
    chartDigest,
    layers: layers.map(({ digest }) => digest),
    ...(secretLayers !== undefined && {
      secretLayers: secretLayers.map(({ digest, after }) => ({ digest, after })),
    }),
    ...(facts !== undefined && { facts: facts.digest }),
    values,
  });
}
