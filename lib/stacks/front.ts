import { Duration, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { FASIT_ROUTES } from '../../contracts/api/fasit-routes.ts';
import { GITHUB_ISSUER, GITHUB_KEYS_URL } from '../../contracts/api/github-token.ts';
import { ROUTES } from '../../contracts/api/routes.ts';
import { Env } from '../../lambdas/answer-request/env.ts';
import { allow } from '../constructs/allow.ts';
import { chartRegistry } from '../constructs/chart-registry.ts';
import type { Deployer } from '../constructs/deployer.ts';
import { FairleadApi } from '../constructs/fairlead-api.ts';
import { FairleadFunction } from '../constructs/fairlead-function.ts';
import { GithubAuthorizer } from '../constructs/github-authorizer.ts';
import { allowKeepingEnvironmentSecrets } from '../constructs/secret-parameters.ts';
import type { PartProps } from './part.ts';

export interface FrontProps extends PartProps {
  /** ARN of the `rollout` machine, for links to its executions. */
  readonly rolloutMachineArn: string;
  /** Freezes what views of values are of. */
  readonly planner: FairleadFunction;
  /** By their names in `fairlead.yaml`: each can be asked to look at a cluster. */
  readonly deployers: ReadonlyMap<string, Deployer>;
}

/** What callers see: the API and the function that answers it. */
export class Front extends Construct {
  readonly api: FairleadApi;

  constructor(scope: Construct, id: string, props: FrontProps) {
    super(scope, id);
    const { alarms, installation } = props;
    const { name } = installation.config;
    const answers = this.#answers(props);
    this.api = new FairleadApi(this, 'Api', { name, routes: ROUTES, answers, alarms, byToken: this.#byToken(props) });
  }

  #byToken({ alarms, installation }: FrontProps) {
    const { fasitDeploy } = installation.config;
    if (fasitDeploy === undefined) return undefined;
    const authorizer = new GithubAuthorizer(this, 'Github', { installation, settings: fasitDeploy, alarms });
    return { routes: FASIT_ROUTES, authorizer };
  }

  #answers({ installation, alarms, storage, rolloutMachineArn, planner, deployers }: FrontProps): FairleadFunction {
    const { config } = installation;
    const arns = [...deployers].map(([name, { run }]) => [name, run.alias.functionArn] as const);
    const { table, evidence, plans, sourceSettings, selfServiceSettings } = storage;
    const answers = new FairleadFunction(this, 'AnswerRequest', {
      folder: 'answer-request',
      env: Env,
      environment: {
        TABLE_NAME: table.table.tableName,
        EVIDENCE_BUCKET: evidence.bucket.bucketName,
        PLANS_BUCKET: plans.bucket.bucketName,
        ROLLOUT_MACHINE_ARN: rolloutMachineArn,
        SOURCES_PREFIX: sourceSettings.prefix,
        SELF_SERVICE: selfServiceSettings.name,
        GITHUB_ISSUER,
        GITHUB_KEYS_URL: installation.githubKeysUrl ?? GITHUB_KEYS_URL,
        ROLE_PREFIX: `${config.name}-`,
        ACCOUNT: config.account,
        REGION: config.region,
        CHART_REGISTRY: chartRegistry(config),
        VALUES_PREFIX: config.values.prefix,
        LABEL_ORDER: config.values.labelOrder.join(','),
        VALUES_BUCKET: storage.values.bucket.bucketName,
        SECRETS_KEY_ID: config.secrets.kmsKeys[0] ?? '',
        PROMOTION_ORDER: config.promotionOrder === undefined ? '' : JSON.stringify(config.promotionOrder),
        DEPLOYERS: Object.keys(config.deployers).join(','),
        CLUSTER_ACCOUNTS: config.clusterAccounts.map((there) => there.account).join(','),
        DEPLOYER_ARNS: Stack.of(this).toJsonString(Object.fromEntries(arns)),
        PLANNER_ARN: planner.alias.functionArn,
        FASIT_DEPLOY: config.fasitDeploy === undefined ? '' : JSON.stringify(config.fasitDeploy),
      },
      alarms,
      impact: 'Calls to Fairlead are not answered: workflows cannot start or follow rollouts.',
      // API Gateway gives up at 29 seconds; long polls are held for 25.
      timeout: Duration.seconds(29),
      memoryMb: 1024,
    });
    table.grantReadWrite(answers.role);
    table.grantDelete(answers.role);
    table.grantList(answers.role, 'byPackage');
    table.grantList(answers.role, 'open');
    evidence.grantGet(answers.role, '*');
    plans.grantGet(answers.role, 'plans/*');
    sourceSettings.grantRead(answers.role);
    selfServiceSettings.grantRead(answers.role);
    allowKeepingEnvironmentSecrets(answers.role, config);
    allow(answers.role, {
      actions: ['lambda:InvokeFunction'],
      resources: [...arns.map(([, arn]) => arn), planner.alias.functionArn],
    });
    return answers;
  }
}
