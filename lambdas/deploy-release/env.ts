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
  /** `values.prefix` of `fairlead.yaml`. */
  VALUES_PREFIX: z.string(),
  /** The role whose sessions read secrets, one package at a time. */
  SECRETS_ROLE_ARN: text,
  /** JSON: external id by account, for other accounts whose clusters are reached through a role there. */
  EXTERNAL_IDS: text,
  /** Whether this deployer has builds: then charts with post-hooks that are not declared short are left to them. */
  BUILDS: z.enum(['true', 'false']),
});

/** What a build is told: by its project, by the machine that started it, and by CodeBuild. */
export const BuildEnv = Env.omit({ HELM_PATH: true, BUILDS: true }).extend({
  /** After how many minutes CodeBuild ends it. */
  BUILD_MINUTES: z.string().regex(/^\d+$/),
  /** JSON: `BuildOrder` of contracts/deployer.ts. */
  FAIRLEAD_ORDER: text,
  // https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html
  CODEBUILD_BUILD_ID: text,
  CODEBUILD_SRC_DIR_helm: text,
});

/** What `EXTERNAL_IDS` says. */
export const ExternalIds = z.record(z.string(), text);
