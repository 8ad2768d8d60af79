/** Layers of values as a person reads and writes them, with rights of their own: ports, and what they answer. */
import type { LayerRead } from '../domain/values/effective.ts';
import type { KeyChange } from '../domain/values/layers/key-change.ts';
import type { Spill, SpilledLayers } from '../domain/values/layers/spill.ts';

/** One version of a parameter. */
export interface StoredVersion {
  readonly version: number;
  /** As it stands there: packed, or a pointer. */
  readonly value: string;
}

/** What is known of one version without what is in it. */
export interface VersionSeen {
  readonly version: number;
  /** ISO 8601. */
  readonly at?: string;
  /** ARN of whoever wrote it. */
  readonly by?: string;
  /** The version that it was made from, where its writer said so. */
  readonly from?: number;
}

export interface ParameterSeen extends VersionSeen {
  readonly name: string;
  readonly secret: boolean;
}

export interface PutParameter {
  readonly name: string;
  readonly value: string;
  /** Must not exist yet. */
  readonly anew: boolean;
  readonly advanced: boolean;
  /** The version whose text was changed, to be kept with the new one. */
  readonly from?: number | undefined;
  /** A SecureString, under this key; without one under the account's own for parameters. */
  readonly secret?: { readonly keyId?: string };
}

/** The user's own rights in Parameter Store and in the values bucket. Nothing is ever decrypted. */
export interface LayerStore {
  /** The latest version, or that one; undefined when there is none. */
  get(name: string, version?: number): Promise<StoredVersion | undefined>;
  /** The latest versions of those that exist. */
  latest(names: readonly string[]): Promise<ReadonlyMap<string, StoredVersion>>;
  /** Answers the new version; `exists` when it must not exist yet, and does. */
  put(put: PutParameter): Promise<number | 'exists'>;
  /** Oldest first. */
  history(name: string): Promise<readonly (StoredVersion & VersionSeen)[]>;
  /** Every parameter whose name begins so, by name. */
  list(beginning: string): Promise<readonly ParameterSeen[]>;
  remove(name: string): Promise<'removed' | 'absent'>;
  bucket(name: string): SpilledLayers & { put(pkg: string, content: string): Promise<Spill> };
}

export type ChangedText =
  | { readonly ok: true; readonly text: string }
  /** Names the key and the fix. */
  | { readonly ok: false; readonly because: string };

/** Texts of layers as helm reads them. */
export interface LayerTexts {
  /** `because` begins with a verb and names the place, never the text. */
  read(text: string): LayerRead;
  /** With the keys changed; comments, order and everything else stay as they are written. */
  change(text: string, changes: readonly KeyChange[]): ChangedText;
  /** What stands behind `KEY=`, as YAML; undefined when it is none. */
  value(text: string): { readonly value: unknown } | undefined;
}
