/** Freezes: times in which matching deployments do not begin, and who passed them. */
import * as z from 'zod';
import { Labels, Name, Time } from '../name.ts';

const Moment = z.iso.datetime({ error: 'a time in UTC, such as 2026-12-20T15:00:00Z' });
const text = (most: number) => z.string().trim().min(1).max(most);

export const FreezeReason = text(1000).meta({ description: 'why, 1–1000 characters' });

/** Why somebody rolls out in spite of freezes. */
export const OverrideReason = text(1000).meta({
  description: 'operators only: passes the freezes that hold now and let their role pass; marked in every later view',
});

export const FreezeWindow = z
  .discriminatedUnion('is', [
    z.strictObject({ is: z.literal('once'), from: Moment, to: Moment }),
    z.strictObject({
      is: z.literal('recurring'),
      rule: text(500).meta({
        description: 'RFC 5545 recurrence rule, without DTSTART',
        example: 'FREQ=WEEKLY;BYDAY=FR',
      }),
      start: text(30).meta({
        description: 'local time that the rule counts from; the time of day is when it begins',
        example: '2026-11-20T16:00',
      }),
      timeZone: text(60).meta({ description: 'IANA name', example: 'Europe/Oslo' }),
      duration: text(30).meta({ description: 'ISO 8601, by the clock on the wall', example: 'P2DT16H' }),
    }),
    z.strictObject({ is: z.literal('until-lifted') }),
  ])
  .meta({ id: 'FreezeWindow' });

export const FreezeBody = z
  .strictObject({
    window: FreezeWindow,
    target: Labels.default({}).meta({ description: 'environments with all of these labels; {} is all' }),
    packages: z.array(Name).min(1).max(100).exactOptional().meta({ description: 'default: every package' }),
    reason: FreezeReason,
    overridableBy: z
      .array(z.string().regex(/^[\w+=,.@-]{1,64}$/, "a role's name, without its path"))
      .max(10)
      .exactOptional()
      .meta({ description: 'roles that may override it; default: operators. The emergency role always may' }),
  })
  .meta({ id: 'FreezeBody' });

/** Why a freeze is lifted; may be left out with the whole body. */
export const FreezeLiftBody = z.strictObject({ reason: FreezeReason.exactOptional() }).meta({ id: 'FreezeLiftBody' });

export const FreezeView = z
  .object({
    name: Name,
    window: FreezeWindow,
    target: Labels,
    packages: z.array(Name).exactOptional(),
    reason: z.string(),
    overridableBy: z.array(z.string()),
    by: z.string(),
    at: Time,
    active: z.boolean().meta({ description: 'whether it holds now' }),
    until: Time.exactOptional().meta({ description: 'when it ends, where it holds now and a time ends it' }),
    next: Time.exactOptional().meta({ description: 'when it begins after that' }),
    revision: z.int(),
  })
  .meta({ id: 'Freeze' });
export type FreezeView = z.infer<typeof FreezeView>;

export const FreezeList = z.object({ freezes: z.array(FreezeView) }).meta({ id: 'FreezeList' });

/** A freeze in a rollout's way at this moment. */
export const FrozenView = z
  .object({
    freeze: Name,
    reason: z.string(),
    by: z.string(),
    until: Time.exactOptional().meta({ description: 'absent when only a person ends it' }),
    environments: z.array(Name),
  })
  .meta({ id: 'Frozen' });
export type FrozenView = z.infer<typeof FrozenView>;

export const OverrideView = z
  .object({ role: z.string(), by: z.string(), reason: z.string(), at: Time })
  .meta({ id: 'Override', description: 'why freezes do not hold it up' });
