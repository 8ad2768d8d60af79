/** Query parameters and headers of the API, strict: an unknown one is refused rather than ignored. */
import * as z from 'zod';
import { NAME_PATTERN } from '../../domain/names.ts';
import { ChartVersion } from '../name.ts';
import { IdempotencyKey } from './rollout.ts';

const number = (most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'a whole number')
    .transform(Number)
    .refine((n) => n <= most, `at most ${most}`);

const isLabel = (text: string) => {
  const [key = '', value = '', ...rest] = text.split('=');
  return rest.length === 0 && NAME_PATTERN.test(key) && NAME_PATTERN.test(value);
};

/** The longest that a call for events is held, in seconds (API Gateway cuts off at 29). */
export const LONGEST_WAIT_SECONDS = 25;

export const NoQuery = z.strictObject({});

export const EnvironmentsQuery = z.strictObject({
  label: z
    .preprocess(
      (given) => (typeof given === 'string' ? [given] : given),
      z.array(z.string().refine(isLabel, 'a label filter is key=value')).max(20),
    )
    .optional()
    .meta({ description: 'key=value; given several times, all must hold', example: ['ring=canary'] }),
});

export const EffectiveQuery = z.strictObject({
  version: ChartVersion.optional().meta({
    description: "of the package's chart; default: what is deployed there, else the newest that was pushed",
  }),
});

export const RolloutsQuery = z.strictObject({
  limit: number(100).optional().meta({ description: 'how many, 1–100; default 20', example: '20' }),
  after: z
    .string()
    .regex(/^[0-9A-HJKMNP-TV-Z]{26}$/, 'a cursor is the `next` of the answer before')
    .optional()
    .meta({ description: '`next` of the answer before' }),
});

const Moment = z.iso.datetime({ error: 'a time in UTC, such as 2026-11-21T10:00:00Z' });

export const AuditQuery = z.strictObject({
  since: Moment.optional().meta({
    description: 'from then on; default: a day before `until`',
    example: '2026-11-21T00:00:00Z',
  }),
  until: Moment.optional().meta({ description: 'up to then; default: now', example: '2026-11-22T00:00:00Z' }),
  package: z
    .string()
    .regex(NAME_PATTERN, 'a package is named')
    .optional()
    .meta({ description: 'only this package', example: 'webui' }),
  limit: number(200).optional().meta({ description: 'how many, 1–200; default 100', example: '100' }),
  after: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT[\d:.]+Z#[\w.=+/-]{1,100}$/, 'a cursor is the `next` of the answer before')
    .optional()
    .meta({ description: '`next` of the answer before' }),
});

export const InspectionQuery = z.strictObject({
  package: z
    .string()
    .regex(NAME_PATTERN, 'a package is named')
    .optional()
    .meta({ description: 'look at its rights and its chart as well', example: 'webui' }),
  version: ChartVersion.optional().meta({
    description: "of the package's chart; default: the newest",
    example: '1.4.2',
  }),
});

export const EventsQuery = z.strictObject({
  after: number(999_999_999).optional().meta({ description: 'only events with a higher number', example: '12' }),
  wait: number(LONGEST_WAIT_SECONDS)
    .optional()
    .meta({ description: 'seconds to hold the answer until something new happens, at most 25', example: '20' }),
});

export const PlanQuery = z.strictObject({
  wait: number(LONGEST_WAIT_SECONDS)
    .optional()
    .meta({ description: 'seconds to hold the answer until it is worked out, at most 25', example: '20' }),
});

export const StartHeaders = z.object({
  'Idempotency-Key': IdempotencyKey.optional().meta({ description: 'a repeated call with it starts nothing new' }),
});

export const PutHeaders = z.object({
  'If-Match': z
    .string()
    .regex(/^"?\d{1,9}"?$/, 'If-Match is the revision that you read, e.g. "3"')
    .optional()
    .meta({ description: '`revision` of what you read: refused with 412 when it is another by now', example: '"3"' }),
});
