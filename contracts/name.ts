/** Zod forms of the words that every border shares. */
import * as z from 'zod';
import { NAME_PATTERN } from '../domain/names.ts';

export const Name = z
  .string()
  .regex(NAME_PATTERN, {
    error: (issue) =>
      `'${String(issue.input).slice(0, 60)}' is not a name: use 1 to 40 of a-z, 0-9 and '-', beginning and ending with a letter or digit`,
  })
  .meta({ description: 'lower-case letters, digits and dashes, 1–40 characters', example: 'webui' });

export const RolloutId = z
  .string()
  .regex(/^[0-9A-HJKMNP-TV-Z]{26}$/, 'a rollout id is a ULID: 26 characters, e.g. 01JD0Z5Q6X3N8V7T2K4M9R1B0C')
  .meta({ description: 'ULID of the rollout', example: '01JD0Z5Q6X3N8V7T2K4M9R1B0C' });

/** ISO 8601 in UTC. */
export const Time = z.iso.datetime().meta({ description: 'ISO 8601, UTC', example: '2026-11-21T10:00:00.000Z' });

export const Labels = z
  .record(Name, Name)
  .refine((labels) => Object.keys(labels).length <= 20, 'at most 20 labels')
  .meta({ description: 'label → value', example: { ring: 'canary' } });

/** Semantic version as helm asks for it (https://helm.sh/docs/topics/charts/#charts-and-versioning). */
export const ChartVersion = z
  .string()
  .max(100)
  .regex(
    /^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/,
    'a chart version is a semantic version such as 1.4.2 or 1.4.2-rc.1',
  )
  .meta({ description: 'semantic version of the chart', example: '1.4.2' });
