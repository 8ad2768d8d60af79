/** `Feature.yaml` as a person writes it, for reading it and for the schema that editors use (docs/feature-yaml.md). */
import * as z from 'zod';
import { CONFIG_TYPES } from '../domain/values/feature/feature.ts';
import { Name } from './name.ts';

const Text = z.string().max(4000);
const Kind = Name.meta({
  description: 'a kind of environment: tenant, management, onprem, legacy or any other name',
  example: 'tenant',
});

const Dependency = z
  .strictObject({
    allOf: z.array(Name).min(1).optional().meta({ description: 'all of these packages' }),
    anyOf: z.array(Name).min(1).optional().meta({ description: 'at least one of these packages' }),
  })
  .refine(({ allOf, anyOf }) => (allOf === undefined) !== (anyOf === undefined), 'give allOf or anyOf, one of them')
  .meta({
    description: 'packages whose releases must be healthy in the environment',
    oneOf: [{ required: ['allOf'] }, { required: ['anyOf'] }],
  });

const ConfigSettings = z
  .strictObject({
    type: z.enum(CONFIG_TYPES).meta({ description: 'what the value may be' }),
    secret: z.boolean().optional().meta({ description: 'it is never shown; default: false' }),
  })
  .meta({ description: 'operators may set the value in layers of values' });

const Computed = z
  .strictObject({
    template: z
      .string()
      .min(1)
      .max(100_000)
      .meta({
        description: 'Go template whose output is read as YAML (docs/templates.md)',
        examples: ['{{ .Env.project_id }}'],
      }),
  })
  .meta({ description: 'worked out for each environment, unless it is configured' });

export const FeatureValueFile = z
  .strictObject({
    displayName: Text.optional().meta({ description: 'how people call the value' }),
    description: Text.optional().meta({ description: 'what the value is for' }),
    required: z.boolean().optional().meta({ description: 'without a value nothing is deployed; default: false' }),
    config: ConfigSettings.optional(),
    computed: Computed.optional(),
    ignoreKind: z
      .array(Kind)
      .optional()
      .meta({ description: 'kinds of environment that do not have this value at all' }),
  })
  .refine(({ config, computed }) => config !== undefined || computed !== undefined, 'give config, computed, or both')
  .meta({ anyOf: [{ required: ['config'] }, { required: ['computed'] }] });

/** fasit's form: hours, minutes, seconds, each of which may be left out. */
const TIMEOUT = /^(\d+h)?(\d+m)?(\d+s)?$/;
const MOST_SECONDS = 3600;

/** Seconds of `5m30s`. */
export function timeoutSeconds(text: string): number {
  const part = (unit: string) => Number(new RegExp(`(\\d+)${unit}`).exec(text)?.[1] ?? 0);
  return part('h') * 3600 + part('m') * 60 + part('s');
}

const Timeout = z
  .string()
  .regex(TIMEOUT, 'write it as 15m, 1h or 5m30s')
  .refine((text) => timeoutSeconds(text) <= MOST_SECONDS, {
    error: ({ input }) => `'${String(input).slice(0, 60)}' is too long: at most 60m`,
  });

export const FeatureFile = z.strictObject({
  environmentKinds: z
    .array(Kind)
    .min(1, 'name at least one kind of environment')
    .meta({ description: 'kinds of environment that the chart may run in' }),
  dependencies: z.array(Dependency).optional().meta({ description: 'each of them must be satisfied' }),
  timeout: Timeout.optional().meta({
    description: 'how long a release may take to become ready; used when it is more than 10s; at most 60m',
    example: '15m',
  }),
  values: z
    .record(z.string(), FeatureValueFile)
    .optional()
    .meta({ description: 'by their keys in values.yaml: dots nest, \\. is a dot' }),
});
