/** What values come to for one environment, and where each of them comes from. */
import type { JsonMap } from '../json.ts';
import type { LayerOf } from './layers/layer-names.ts';

/** Keys from the root of the values down to one of them. */
export type Path = readonly string[];

/** Where something stands in the text of a layer; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Who set a value. */
export type Origin =
  /** The chart's own `values.yaml`. */
  | { readonly of: 'chart' }
  /** A template of the chart's `Feature.yaml`. */
  | { readonly of: 'computed'; readonly key: string }
  /** Set for every chart with a `Feature.yaml`: `fasit.tenant.name` and the like. */
  | { readonly of: 'fairlead' }
  | {
      readonly of: 'layer';
      readonly layer: LayerOf;
      readonly parameter: string;
      readonly version: number;
      /** Of a secret layer. */
      readonly secret: boolean;
      readonly at?: Position;
    }
  /** The rollout's own values. */
  | { readonly of: 'rollout' };

/** One layer as it was read. */
export interface LayerContent {
  readonly layer: LayerOf;
  /** The parameter's name. */
  readonly name: string;
  readonly version: number;
  readonly secret: boolean;
  readonly values: JsonMap;
  /** Where each key stands, by `pathId`. */
  readonly positions: ReadonlyMap<string, Position>;
}

/** The text of a layer, read. */
export type LayerRead =
  | {
      readonly ok: true;
      readonly values: JsonMap;
      /** Where each key stands, by `pathId`, in the text as people write it (`base64:` decoded); keys inside lists are not there. */
      readonly positions: ReadonlyMap<string, Position>;
    }
  /** Names the parameter, its version, line and column; no content. */
  | { readonly ok: false; readonly because: string };

/** A text for a path, the same for the same path only. */
export const pathId = (path: Path): string => JSON.stringify(path);

/** `ingress.host`; a dot inside a key is written `\.`. */
export const pathText = (path: Path): string => path.map((key) => key.replaceAll('.', '\\.')).join('.');

/** A value that is no map with anything in it. */
export interface Leaf {
  readonly path: Path;
  readonly value: unknown;
  /** It must never be shown: it comes from a secret, or from something that depends on one. */
  readonly secret: boolean;
  readonly origin: Origin;
  /** What would stand there without it, strongest first. */
  readonly overrides: readonly { readonly origin: Origin; readonly value: unknown; readonly secret: boolean }[];
}

/** What a layer sets and nothing uses: the chart's `Feature.yaml` does not know the key, or not for this kind of environment. */
export interface Orphan {
  readonly path: Path;
  readonly origin: Origin;
  readonly because: string;
}

export type Resolved =
  | {
      readonly ok: true;
      /** What helm is given beside the chart's own values. */
      readonly values: JsonMap;
      /** With the chart's own. */
      readonly leaves: readonly Leaf[];
      readonly orphans: readonly Orphan[];
      /** Every text that must not be seen, for the redactor. */
      readonly secrets: readonly string[];
    }
  | { readonly ok: false; readonly code: ValuesTrouble; readonly because: string };

export type ValuesTrouble = 'values-broken' | 'values-missing' | 'template-broken';
