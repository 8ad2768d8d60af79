import * as z from 'zod';

const text = z.string().min(1);

/** What sweep-rollouts is told of its installation. */
export const Env = z.object({
  TABLE_NAME: text,
  ROLLOUT_MACHINE_ARN: text,
  DEPLOYMENT_MACHINE_ARN: text,
});
