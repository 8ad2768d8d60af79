/** Changed layers of values: what is gathered, announced and rolled out, and carrying out what was only announced. */
import * as z from 'zod';
import { Name, RolloutId, Time } from '../name.ts';
import { OverrideReason } from './freeze.ts';
import { TargetEntries } from './rollout.ts';
import { ChangedParameterView } from './values-change-view.ts';

export const ChangeView = z
  .object({
    package: Name,
    state: z.enum(['gathering', 'announced', 'started', 'ended']).meta({
      description:
        'gathering: until nothing is edited for a while; announced: a plan shows it; started: a rollout brings it; ended: there was nothing to do',
    }),
    changed: z.array(ChangedParameterView),
    since: Time,
    last: Time.meta({ description: 'when the last of them was noticed' }),
    plan: RolloutId.exactOptional(),
    rollout: RolloutId.exactOptional(),
    because: z.string(),
  })
  .meta({ id: 'Change' });
export type ChangeView = z.infer<typeof ChangeView>;

export const ChangeList = z.object({ changes: z.array(ChangeView) }).meta({ id: 'ChangeList' });

export const ValuesRolloutBody = z
  .strictObject({
    description: z.string().max(1000).exactOptional(),
    targets: TargetEntries.exactOptional().meta({ description: "default: the package's stages" }),
    overrideFreeze: OverrideReason.exactOptional(),
  })
  .meta({ id: 'ValuesRolloutBody' });
export type ValuesRolloutBody = z.infer<typeof ValuesRolloutBody>;
