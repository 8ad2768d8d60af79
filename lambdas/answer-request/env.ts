import * as z from 'zod';

const text = z.string().min(1);
/** May be empty. */
const maybe = z.string();

/** What `DEPLOYER_ARNS` says. */
export const DeployerArns = z.record(z.string(), text);

/** What answer-request is told of its installation. `PROMOTION_ORDER` is JSON (`Stages`) or empty; `DEPLOYERS` is a comma list. */
export const Env = z.object({
  TABLE_NAME: text,
  EVIDENCE_BUCKET: text,
  PLANS_BUCKET: text,
  /** For links to executions in the Step Functions console. */
  ROLLOUT_MACHINE_ARN: text,
  /** Path of the sources' settings in Parameter Store, ending in `/`. */
  SOURCES_PREFIX: text,
  /** Name of the parameter with the rules of self-service; empty without. */
  SELF_SERVICE: maybe,
  /** Who signs GitHub's tokens, and where its keys are. */
  GITHUB_ISSUER: text,
  GITHUB_KEYS_URL: text,
  /** What the names of the installation's roles begin with. */
  ROLE_PREFIX: text,
  ACCOUNT: text,
  REGION: text,
  /** `oci://host/path` of charts that name no place. */
  CHART_REGISTRY: text,
  /** What the names of value parameters begin with: a path ending in `/`, or nothing. */
  VALUES_PREFIX: maybe,
  /** Comma list, weakest first. */
  LABEL_ORDER: maybe,
  VALUES_BUCKET: text,
  /** Key of the installation's for secrets of environments; empty for the one that AWS manages for Parameter Store. */
  SECRETS_KEY_ID: maybe,
  PROMOTION_ORDER: maybe,
  DEPLOYERS: text,
  /** Comma list of the other accounts whose clusters are reached through a role there. */
  CLUSTER_ACCOUNTS: maybe,
  /** JSON: ARN of each deployer's function by the deployer's name. */
  DEPLOYER_ARNS: text,
  /** ARN of plan-rollout, which freezes what a view of values is of. */
  PLANNER_ARN: text,
  /** JSON (`FasitDeploy`), or empty. */
  FASIT_DEPLOY: maybe,
});
