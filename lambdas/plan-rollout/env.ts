import * as z from 'zod';

const text = z.string().min(1);
/** May be empty. */
const maybe = z.string();

/** What plan-rollout is told of its installation. `LABEL_ORDER` is a comma list, weakest first. */
export const Env = z.object({
  TABLE_NAME: text,
  PLANS_BUCKET: text,
  /** Secret that holds the key of the installation's digests. */
  DIGEST_KEY_ARN: text,
  /** Where layers stand that are too long for Parameter Store. */
  VALUES_BUCKET: text,
  /** What the names of value parameters begin with: a path ending in `/`, or nothing. */
  VALUES_PREFIX: maybe,
  LABEL_ORDER: maybe,
  /** Charts over plain HTTP: local stacks and sandboxes only. */
  CHARTS_PLAIN_HTTP: z.enum(['true', 'false']),
  /** JSON: ARN of each deployer's function by the deployer's name. */
  DEPLOYER_ARNS: text,
});

/** What `DEPLOYER_ARNS` says. */
export const DeployerArns = z.record(z.string(), text);
