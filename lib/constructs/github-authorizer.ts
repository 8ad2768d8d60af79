import { Duration } from 'aws-cdk-lib';
import { TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { GITHUB_ISSUER, GITHUB_KEYS_URL } from '../../contracts/api/github-token.ts';
import { audiencesOf, type FasitDeploy } from '../../contracts/fasit-deploy.ts';
import { Env } from '../../lambdas/authorize-github/env.ts';
import type { Installation } from '../installation.ts';
import type { Alarms } from './alarms.ts';
import { FairleadFunction } from './fairlead-function.ts';

export interface GithubAuthorizerProps {
  readonly installation: Installation;
  readonly settings: FasitDeploy;
  readonly alarms: Alarms;
}

/** Three parts of base64url after `Bearer`: whatever else comes is refused by API Gateway itself (RFC 6750, RFC 7519). */
const BEARER = '^Bearer [-0-9a-zA-Z_]+\\.[-0-9a-zA-Z_]+\\.[-0-9a-zA-Z_]+$';

/** Admits GitHub's tokens to API Gateway. Its function is called anew for each call: a policy that is kept would outlive its token. */
export class GithubAuthorizer extends Construct {
  /** For methods with authorization `CUSTOM`. */
  readonly authorizer: TokenAuthorizer;
  readonly #metric: { readonly metricNamespace: string; readonly metricName: string };

  constructor(scope: Construct, id: string, { installation, settings, alarms }: GithubAuthorizerProps) {
    super(scope, id);
    const metricNamespace = `Fairlead/${installation.config.name}`;
    this.#metric = { metricNamespace, metricName: 'AuthorizerFailures' };
    const authorize = new FairleadFunction(this, 'AuthorizeGithub', {
      folder: 'authorize-github',
      env: Env,
      environment: {
        GITHUB_ISSUER,
        GITHUB_KEYS_URL: installation.githubKeysUrl ?? GITHUB_KEYS_URL,
        AUDIENCES: audiencesOf(settings).join(','),
        FASIT_DEPLOY: JSON.stringify(settings),
      },
      alarms,
      impact: 'Tokens of GitHub cannot be judged: workflows with fasit-deploy cannot start or follow rollouts.',
      // Its errors count every token that has ended, since 401 is said by an error.
      failures: new Metric({
        namespace: metricNamespace,
        metricName: this.#metric.metricName,
        period: Duration.minutes(1),
        statistic: 'Sum',
      }),
      timeout: Duration.seconds(10),
    });
    this.authorizer = new TokenAuthorizer(this, 'Authorizer', {
      handler: authorize.alias,
      validationRegex: BEARER,
      resultsCacheTtl: Duration.seconds(0),
    });
  }

  /** Counts, for the alarm, the calls that API Gateway could not have judged: crashes and timeouts of the function among them. */
  watch(accessLog: ILogGroup): void {
    new MetricFilter(this, 'Failures', {
      logGroup: accessLog,
      ...this.#metric,
      filterPattern: FilterPattern.stringValue('$.refusedBecause', '=', 'AUTHORIZER_*'),
    });
  }
}
