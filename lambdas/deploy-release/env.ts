import * as z from 'zod';

const text = z.string().min(1);

/** What the deployer is told of its installation. */
export const Env = z.object({
  TABLE_NAME: text,
  PLANS_BUCKET: text,
  EVIDENCE_BUCKET: text,
  /** Secret that holds the key of the installation's digests. */
  DIGEST_KEY_ARN: text,
  /** The helm program: in the kubectl layer on AWS. */
  HELM_PATH: text,
  /** Charts over plain HTTP: local stacks and sandboxes only. */
  CHARTS_PLAIN_HTTP: z.enum(['true', 'false']),
  /** Name of the installation; it marks the releases that are ours. */
  INSTALLATION: text,
  /** The installation's own account. */
  ACCOUNT: text,
  /** JSON: external id by account, for other accounts whose clusters are reached through a role there. */
  EXTERNAL_IDS: text,
});

/** What `EXTERNAL_IDS` says. */
export const ExternalIds = z.record(z.string(), text);
