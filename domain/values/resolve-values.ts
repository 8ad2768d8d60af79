/**
 * What do a chart's defaults, the layers, the templates of its `Feature.yaml` and a rollout's own values come to in one
 * environment, and where does each value come from? Weakest first: chart default, computed, package's layer, labels'
 * layers, environment's layer, the rollout's own. Without a `Feature.yaml` every key of a layer counts.
 */
import type { JsonMap } from '../json.ts';
import type { Labels } from '../target.ts';
import type { ChartContent } from './chart-content.ts';
import type { LayerContent, Resolved } from './effective.ts';
import type { TenantFacts } from './facts.ts';
import type { LayerPlace } from './layer-names.ts';
import type { TemplateEngine } from './ports.ts';

/** Reads what a template computed, as helm reads a values file. `because` names line and column, and never the text. */
export type ReadYaml = (
  text: string,
) => { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly because: string };

export interface ResolveInput {
  readonly chart: Pick<ChartContent, 'values' | 'feature'>;
  /** Weakest first; a layer of secrets right behind the plain one of its scope. */
  readonly layers: readonly LayerContent[];
  /** The rollout's own values. */
  readonly own: JsonMap;
  /** What templates may know; the environment alone when absent. */
  readonly facts?: TenantFacts | undefined;
  readonly environment: {
    readonly name: string;
    readonly kind?: string | undefined;
    readonly tenant?: string | undefined;
    readonly labels: Labels;
  };
  /** What references came to, by their text as the layer has it. */
  readonly references: ReadonlyMap<string, string>;
  /** Secret environment values, by `secretFactId`. */
  readonly secretFacts: ReadonlyMap<string, string>;
  /** References and secrets that are not given are shown as placeholders; without it they block. Never apply such an answer. */
  readonly unread?: 'placeholder' | undefined;
  /** Layers that may exist here, so that what is missing is told with the place to set it. */
  readonly places?: readonly LayerPlace[] | undefined;
  readonly engine: TemplateEngine;
  readonly readYaml: ReadYaml;
}

/** The key of one secret environment value in `secretFacts`. */
export const secretFactId = (environment: string, key: string): string => `${environment}\u0000${key}`;

export type ResolveValues = (input: ResolveInput) => Promise<Resolved>;
