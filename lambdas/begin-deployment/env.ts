import * as z from 'zod';

const text = z.string().min(1);

/** What begin-deployment is told of its installation. */
export const Env = z.object({
  TABLE_NAME: text,
  /** JSON: ARN of each deployer's function by the deployer's name. */
  DEPLOYER_ARNS: text,
  /** JSON: what is special about some of them, by their names. */
  DEPLOYER_WAYS: text,
  /** Name of the installation: deployers' builds are named after it. */
  INSTALLATION: text,
});

/** What `DEPLOYER_ARNS` says. */
export const DeployerArns = z.record(z.string(), text);

/** What `DEPLOYER_WAYS` says: helm runs in builds only, in the function only, or the function has these minutes. Few bytes, for many deployers. */
export const DeployerWays = z.record(z.string(), z.union([z.literal('builds'), z.literal('function'), z.int()]));
