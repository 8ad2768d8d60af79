/** What keeps a package from moving in one environment, and letting it move again. */
import * as z from 'zod';
import { Name, RolloutId, Time } from '../name.ts';

const Reason = z.string().trim().min(1, 'say why').max(1000);

export const HoldBody = z
  .strictObject({
    kind: z.enum(['hold', 'disabled']).default('hold').meta({
      description: 'hold: rollouts pass it over for now; disabled: the package is not wanted there',
    }),
    reason: Reason,
  })
  .meta({ id: 'HoldBody' });

export const LiftBody = z.strictObject({ reason: Reason.exactOptional() }).meta({ id: 'LiftBody' });

export const HoldView = z
  .object({
    package: Name,
    environment: Name,
    kind: z.enum(['hold', 'disabled', 'failed-rollback']),
    reason: z.string(),
    by: z.string(),
    at: Time,
    over: z
      .object({ reason: z.string(), by: z.string(), at: Time })
      .exactOptional()
      .meta({ description: 'the hold of a failed rollback that it was put over' }),
  })
  .meta({ id: 'Hold' });

export const QuarantineView = z
  .object({
    package: Name,
    environment: Name,
    version: z.string().exactOptional(),
    inputsDigest: z.string(),
    rollout: RolloutId.meta({ description: 'which proved them bad, or rolled back from them' }),
    because: z.string(),
    at: Time,
  })
  .meta({ id: 'Quarantine' });

export const Lifted = z
  .object({ hold: HoldView.exactOptional(), quarantines: z.array(QuarantineView) })
  .meta({ id: 'Lifted', description: 'what was lifted; nothing, when nothing was in the way' });

export type HoldView = z.infer<typeof HoldView>;
export type QuarantineView = z.infer<typeof QuarantineView>;
export type Lifted = z.infer<typeof Lifted>;
