/** What working values out needs of the world: the template engine, and secrets. */
import type { TemplateData } from './feature/facts.ts';
import type { Reference } from './secrets/reference.ts';

export interface Template {
  /** The value it computes. */
  readonly key: string;
  readonly template: string;
}

export const TEMPLATE_TROUBLES = [
  'syntax',
  'unsupported-function',
  'failed',
  'out-of-time',
  'out-of-memory',
  'too-large',
] as const;
export type TemplateTrouble = (typeof TEMPLATE_TROUBLES)[number];

export type RenderedTemplate =
  | { readonly key: string; readonly ok: true; readonly text: string }
  /** `because` names line and function, and never a value. */
  | { readonly key: string; readonly ok: false; readonly code: TemplateTrouble; readonly because: string };

/** What a template reads and calls, as its text says; it is not run. */
export type ParsedTemplate =
  | {
      readonly key: string;
      readonly ok: true;
      /** Such as `['Env', 'project']`, `['Management', 'zone']`, `['Envs']`, `['Configs', 'a.b']`; cut where the rest is only known when it runs. */
      readonly reads: readonly (readonly string[])[];
      readonly functions: readonly string[];
    }
  | { readonly key: string; readonly ok: false; readonly code: TemplateTrouble; readonly because: string };

/** Go's text/template with Sprig and fasit's functions. */
export interface TemplateEngine {
  /** One answer a template, in their order. Bounded in time, memory and output. */
  render(templates: readonly Template[], data: TemplateData): Promise<readonly RenderedTemplate[]>;
  parse(templates: readonly Template[]): Promise<readonly ParsedTemplate[]>;
}

/** A secret's text, or why there is none; `because` names parameter and version, and never a value. */
export type SecretAnswer =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: 'values-missing' | 'forbidden' | 'unreachable'; readonly because: string };

/** A SecureString parameter at the version that was frozen, with the keyed digest of its ciphertext. */
export interface FrozenSecret {
  readonly name: string;
  readonly version: number;
  readonly digest: string;
}

/** Secrets of one package, decrypted: in the deployer's memory only. */
export interface Secrets {
  frozen(secret: FrozenSecret): Promise<SecretAnswer>;
  referred(reference: Reference): Promise<SecretAnswer>;
}

/** Writes a secret, and never reads one; `because` names the parameter and never the text. */
export type KeepSecret = (
  name: string,
  text: string,
) => Promise<{ readonly kept: true; readonly version: number } | { readonly kept: false; readonly because: string }>;

/** Whose secrets may be read: the package's own, and what its registry entry allows. */
export interface SecretScope {
  readonly package: string;
  readonly allowed: readonly string[];
}
