/** That a rollout is a rollback: what it goes back to, why and by whom. */
import * as z from 'zod';
import { ChartVersion } from '../name.ts';

export const RollbackTo = z
  .union([z.literal('last-good'), z.strictObject({ version: ChartVersion })], 'say "last-good", or { "version": … }')
  .meta({
    id: 'RollbackTo',
    description: 'a version that was good in each environment, or the last good inputs before those that stand there',
  });

export const RollbackView = z.object({ to: RollbackTo, reason: z.string(), by: z.string() }).meta({
  id: 'Rollback',
  description: 'it brings back inputs of before, which hold: what it replaces is quarantined',
});
