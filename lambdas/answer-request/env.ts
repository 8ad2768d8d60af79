import * as z from 'zod';

/** What answer-request is told by its stack. */
export const Env = z.object({
  TABLE_NAME: z.string().min(1),
  EVIDENCE_BUCKET: z.string().min(1),
  ROLLOUT_MACHINE_ARN: z.string().min(1),
  /** Path of the sources' settings in Parameter Store, ending in `/`. */
  SOURCES_PREFIX: z.string().min(1),
  /** What the names of our roles begin with. */
  ROLE_PREFIX: z.string().min(1),
  ACCOUNT: z.string().min(1),
  REGION: z.string().min(1),
  CHART_REGISTRY: z.string().min(1),
  /** Stages as JSON, or empty. */
  PROMOTION_ORDER: z.string(),
  /** Comma-separated names. */
  DEPLOYERS: z.string().min(1),
});
