/**
 * What a chart's `Feature.yaml` says, read and checked: where the chart may run, what it needs beside it, and which of
 * its values operators configure or templates compute. `contracts/feature.ts` reads the file.
 */

/** What a configured value may be. */
export const CONFIG_TYPES = ['string', 'int', 'bool', 'string_array'] as const;
export type ConfigType = (typeof CONFIG_TYPES)[number];

export interface FeatureValue {
  /** As it is written: dots nest, `\.` is a dot. */
  readonly key: string;
  /** The key taken apart. */
  readonly path: readonly string[];
  readonly displayName?: string;
  readonly description?: string;
  /** Without a value the deployment is blocked. */
  readonly required: boolean;
  /** Operators may set it in their layers. */
  readonly config?: { readonly type: ConfigType; readonly secret: boolean };
  /** Go template whose output is YAML. */
  readonly computed?: { readonly template: string };
  /** Kinds of environment that do not have this value at all. */
  readonly ignoreKind: readonly string[];
}

/** Packages whose releases must be healthy in the environment: all of them, or one of them. */
export type Dependency = { readonly allOf: readonly string[] } | { readonly anyOf: readonly string[] };

export interface Feature {
  /** At least one. An environment of another kind does not get the chart. */
  readonly environmentKinds: readonly string[];
  /** Each of them must be satisfied. */
  readonly dependencies: readonly Dependency[];
  readonly timeoutSeconds?: number;
  readonly values: readonly FeatureValue[];
}
