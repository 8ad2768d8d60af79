import * as z from 'zod';

const text = z.string().min(1);

/** What begin-deployment is told of its installation. */
export const Env = z.object({
  TABLE_NAME: text,
  /** JSON: ARN of each deployer's function by the deployer's name. */
  DEPLOYER_ARNS: text,
});

/** What `DEPLOYER_ARNS` says. */
export const DeployerArns = z.record(z.string(), text);
