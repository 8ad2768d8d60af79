/** Trying again what failed of a rollout, with the inputs that were frozen for it. */
import * as z from 'zod';
import { ROLLOUT_STATES } from '../../domain/states.ts';
import { Name, RolloutId } from '../name.ts';
import { OverrideReason } from './freeze.ts';

export const RetryBody = z
  .strictObject({
    reason: z
      .string()
      .trim()
      .min(1, 'say why')
      .max(1000)
      .default('no reason given')
      .meta({ description: 'for people' }),
    overrideFreeze: OverrideReason.exactOptional(),
  })
  .meta({ id: 'RetryBody' });

export const RetryAccepted = z
  .object({
    id: RolloutId,
    package: Name,
    state: z.enum(ROLLOUT_STATES),
    run: z.int().meta({ description: 'the new run of the same rollout' }),
    environments: z.array(Name).meta({ description: 'where it is tried again' }),
    after: z.int().meta({ description: 'number of the last event before the retry: hand it to `events` as `after`' }),
  })
  .meta({ id: 'RetryAccepted' });

export type RetryBody = z.infer<typeof RetryBody>;
export type RetryAccepted = z.infer<typeof RetryAccepted>;
