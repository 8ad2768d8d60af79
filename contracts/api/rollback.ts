/** Going back to what was good, in the environments that are named, so that it holds there. */
import * as z from 'zod';
import { Stages } from '../stage.ts';
import { OverrideReason } from './freeze.ts';
import { RollbackTo } from './rollback-view.ts';
import { Claimed, TargetEntries } from './rollout.ts';

export const RollbackBody = z
  .strictObject({
    to: RollbackTo,
    reason: z.string().trim().min(1, 'say why').max(1000),
    targets: TargetEntries.optional().meta({ description: 'default: wherever the package is, all in one stage' }),
    stages: Stages.optional(),
    overrideFreeze: OverrideReason.exactOptional(),
    claimed: Claimed.default({}),
  })
  .refine((body) => body.stages === undefined || body.targets === undefined, {
    error: 'give stages or targets, not both',
    path: ['targets'],
  })
  .meta({ id: 'RollbackBody' });

export type RollbackBody = z.infer<typeof RollbackBody>;
