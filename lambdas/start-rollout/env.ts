import * as z from 'zod';

const text = z.string().min(1);

/** What start-rollout is told of its installation. */
export const Env = z.object({
  ROLLOUT_MACHINE_ARN: text,
  PLAN_MACHINE_ARN: text,
  RETRY_QUEUE_URL: text,
});
