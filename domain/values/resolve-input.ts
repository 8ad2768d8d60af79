/** What working values out needs to know (resolve-values.ts). */
import type { JsonMap } from '../json.ts';
import type { Labels } from '../target.ts';
import type { ChartContent } from './chart-content.ts';
import type { LayerContent } from './effective.ts';
import type { ReadYaml } from './feature/compute-values.ts';
import type { TenantFacts } from './feature/facts.ts';
import type { LayerPlace } from './layers/layer-names.ts';
import type { TemplateEngine } from './ports.ts';

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
  /** What references came to, by their text as the layer has it; `referencesIn` tells which are needed. */
  readonly references: ReadonlyMap<string, string>;
  /** Secret environment values, by `secretFactId`; `neededSecrets` tells which are needed. */
  readonly secretFacts: ReadonlyMap<string, string>;
  /** References and secrets that are not given are shown as placeholders; without it they block. Never apply such an answer. */
  readonly unread?: 'placeholder' | undefined;
  /** Layers that may exist here (`layersOf`), so that what is missing is told with the place to set it. */
  readonly places?: readonly LayerPlace[] | undefined;
  readonly engine: TemplateEngine;
  readonly readYaml: ReadYaml;
}

/** The key of one secret environment value in `secretFacts`. */
export const secretFactId = (environment: string, key: string): string => `${environment}\u0000${key}`;
