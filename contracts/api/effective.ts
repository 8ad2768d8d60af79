/** What values come to in one environment: each with its origin, and how it differs from what is deployed. */
import * as z from 'zod';
import { Name } from '../name.ts';
import type { PreviewInput } from '../preview.ts';

export const OriginView = z
  .object({
    of: z.enum(['chart', 'computed', 'fairlead', 'layer', 'rollout']),
    says: z.string().meta({ description: 'for people', example: 'webui-service-helm-values version 3, line 4' }),
    parameter: z.string().exactOptional(),
    version: z.int().exactOptional(),
    line: z.int().exactOptional().meta({ description: 'in the text of the layer, from 1' }),
    key: z.string().exactOptional().meta({ description: 'of Feature.yaml, whose template computed it' }),
  })
  .meta({ id: 'ValueOrigin' });

/** A secret has a keyed digest in place of its value. */
const shown = {
  value: z.unknown().optional(),
  secret: z.literal(true).exactOptional(),
  digest: z.string().exactOptional().meta({ description: 'keyed digest of a secret' }),
};

export const EffectiveValue = z
  .object({
    key: z.string().meta({ description: 'dots nest, \\. is a dot', example: 'ingress.host' }),
    ...shown,
    origin: OriginView,
    overrides: z
      .array(z.object({ ...shown, origin: OriginView }))
      .meta({ description: 'what would stand there without it, strongest first' }),
    change: z
      .enum(['same', 'changed', 'new'])
      .exactOptional()
      .meta({ description: 'against what is deployed; absent when nothing is, or it cannot be told' }),
    was: z.object(shown).exactOptional().meta({ description: 'what is deployed, when it is another value' }),
  })
  .meta({ id: 'EffectiveValue' });

export const EffectiveValues = z
  .object({
    package: Name,
    environment: Name,
    version: z.string(),
    deployed: z.string().exactOptional().meta({ description: 'the version that is deployed there' }),
    values: z.array(EffectiveValue),
    removed: z
      .array(z.object({ key: z.string(), ...shown }))
      .meta({ description: 'what is deployed and would not be set any more' }),
    orphans: z
      .array(z.object({ key: z.string(), origin: OriginView, because: z.string() }))
      .meta({ description: 'what layers set and nothing uses' }),
    notes: z.array(z.string()).meta({ description: 'what could not be told, and why' }),
  })
  .meta({ id: 'EffectiveValues' });
export type OriginView = z.infer<typeof OriginView>;
export type EffectiveValue = z.infer<typeof EffectiveValue>;
export type EffectiveValues = z.infer<typeof EffectiveValues>;

/** What a deployer answers. */
export const ValuesAnswer = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('shown'), view: EffectiveValues }),
  /** The values cannot be worked out, or the chart cannot be had. */
  z.object({ outcome: z.literal('blocked'), because: z.string() }),
]);
export type ValuesAnswer = z.infer<typeof ValuesAnswer>;
/** A deployer's `values`; throws nothing: that it does not answer is an answer. */
export type AskValues = (
  deployer: string,
  input: PreviewInput,
) => Promise<ValuesAnswer | { readonly outcome: 'silent'; readonly because: string }>;
