/**
 * What templates of a `Feature.yaml` may know of environments. It is frozen with the plan, one text a tenant, so that a
 * retry and a rollback compute the same; secrets are pointers there.
 */
import type { Labels } from '../../target.ts';

/** A SecureString parameter that holds one environment value. */
export interface SecretPointer {
  readonly parameter: string;
  readonly version: number;
  /** Keyed digest of its ciphertext. */
  readonly digest: string;
}

export interface EnvironmentFacts {
  readonly name: string;
  readonly kind?: string;
  readonly tenant?: string;
  readonly labels: Labels;
  /** Environment values that anybody may see: any JSON. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, SecretPointer>>;
}

/** The environment of this kind lends its values to all environments of its tenant. */
export const MANAGEMENT = 'management';

/** All environments of one tenant, by name; environments without a tenant stand alone. */
export interface TenantFacts {
  readonly v: 1;
  readonly tenant?: string;
  readonly environments: readonly EnvironmentFacts[];
}

/**
 * What a template sees (docs of nais/fasit). `Env`, `Management` and each of `Envs` are the environment's values by key, with `name`,
 * `kind` and `labels`; `Envs` are those of the tenant that are not its management environment. `Configs` has this chart's
 * configured values by their keys as `Feature.yaml` writes them.
 */
export interface TemplateData {
  readonly Kind: string;
  readonly Tenant: { readonly Name: string };
  readonly Management: Readonly<Record<string, unknown>>;
  readonly Env: Readonly<Record<string, unknown>>;
  readonly Envs: readonly Readonly<Record<string, unknown>>[];
  readonly Configs: Readonly<Record<string, unknown>>;
}
