import * as z from 'zod';

const text = z.string().min(1);

/** What begin-deployment is told of its installation. */
export const Env = z.object({
  TABLE_NAME: text,
  /** JSON: ARN of each deployer's function by the deployer's name. */
  DEPLOYERS: text,
});

/** What `DEPLOYERS` says. */
export const Deployers = z.record(z.string(), text);
