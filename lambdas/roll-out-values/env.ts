import * as z from 'zod';

const text = z.string().min(1);
/** May be empty. */
const maybe = z.string();
const seconds = z
  .string()
  .regex(/^\d{1,6}$/)
  .transform(Number);

/** What roll-out-values is told of its installation. `LABEL_ORDER` is a comma list, weakest first. */
export const Env = z.object({
  TABLE_NAME: text,
  ACCOUNT: text,
  /** Secret that holds the key of the installation's digests. */
  DIGEST_KEY_ARN: text,
  /** What the names of value parameters begin with: a path ending in `/`, or nothing. */
  VALUES_PREFIX: maybe,
  LABEL_ORDER: maybe,
  /** JSON; the stages of packages that have none, or empty. */
  PROMOTION_ORDER: maybe,
  QUIET_SECONDS: seconds,
  MOST_SECONDS: seconds,
  /** How often each package is compared with what was attempted last. */
  SWEEP_MINUTES: seconds,
});
