import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  AuthorizationType,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Route } from '../../contracts/api/route.ts';
import { acknowledge } from './acknowledge.ts';
import type { Alarms } from './alarms.ts';
import type { FairleadFunction } from './fairlead-function.ts';
import { addGatewayProblems } from './gateway-problems.ts';
import type { GithubAuthorizer } from './github-authorizer.ts';

export interface FairleadApiProps {
  /** Name of the installation. */
  readonly name: string;
  /** Each becomes a method of its own; there is no catch-all. */
  readonly routes: readonly Route[];
  /** Answers all of them. */
  readonly answers: FairleadFunction;
  readonly alarms: Alarms;
  /** Methods that are not signed: GitHub's token admits. @default none */
  readonly byToken?: { readonly routes: readonly Route[]; readonly authorizer: GithubAuthorizer } | undefined;
}

const STAGE = 'v1';
/** Calls a second, and at once beyond that; a hundred people watching rollouts by long polls need ten. */
const RATE = { throttlingRateLimit: 100, throttlingBurstLimit: 200 };

/** The REST API: every method is signed by an IAM identity (or takes a token that an authorizer judges), logged, throttled, and refuses in problem details. */
export class FairleadApi extends Construct {
  readonly api: RestApi;
  /** One line of JSON for each call. */
  readonly accessLog: LogGroup;

  constructor(scope: Construct, id: string, { name, routes, answers, alarms, byToken }: FairleadApiProps) {
    super(scope, id);
    this.accessLog = new LogGroup(this, 'AccessLog', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.api = new RestApi(this, 'Rest', {
      restApiName: name,
      description: 'Fairlead: rolls helm releases out to many clusters',
      endpointTypes: [EndpointType.REGIONAL],
      // One for the account and region, without which API Gateway writes no logs at all.
      cloudWatchRole: true,
      deployOptions: {
        stageName: STAGE,
        ...RATE,
        metricsEnabled: true,
        loggingLevel: MethodLoggingLevel.ERROR,
        dataTraceEnabled: false,
        accessLogDestination: new LogGroupLogDestination(this.accessLog),
        accessLogFormat: accessLogFormat(),
      },
      defaultMethodOptions: { authorizationType: AuthorizationType.IAM },
    });
    // One permission for the whole API, not two for every method.
    const integration = new LambdaIntegration(answers.alias, {
      scopePermissionToMethod: false,
    });
    for (const { method, path } of routes) this.api.root.resourceForPath(path).addMethod(method, integration);
    if (byToken !== undefined) this.#admit(byToken, integration);
    addGatewayProblems(this.api, { tokens: byToken !== undefined });
    this.#acknowledge();
    alarms.add(this, 'ServerErrors', {
      runbook: 'api',
      impact: 'Calls to Fairlead end with an error of ours: workflows cannot start or follow rollouts.',
      metric: this.api.metricServerError({ period: Duration.minutes(1), statistic: 'Sum' }),
    });
  }

  /** ARN of one call, for policies: `{…}` in the path is `*`, or what `parameters` has for it. */
  arnOf({ method, path }: Pick<Route, 'method' | 'path'>, parameters: Readonly<Record<string, string>> = {}): string {
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? '*');
    return this.api.arnForExecuteApi(method, filled, STAGE);
  }

  #admit({ routes, authorizer }: NonNullable<FairleadApiProps['byToken']>, integration: LambdaIntegration): void {
    const options = { authorizationType: AuthorizationType.CUSTOM, authorizer: authorizer.authorizer };
    for (const { method, path } of routes) this.api.root.resourceForPath(path).addMethod(method, integration, options);
    authorizer.watch(this.accessLog);
  }

  #acknowledge(): void {
    acknowledge(this.api, {
      'AwsSolutions-APIG2': 'the function parses every body, query and header with zod and says what is wrong where',
      'AwsSolutions-APIG3':
        'every call is signed by an IAM identity or comes with a token of GitHub, is refused by the gateway otherwise, and throttled',
      'AwsSolutions-APIG4': 'IAM is the authorization of every method, or a token authorizer',
      'AwsSolutions-COG4':
        'callers are IAM roles, workflows by OIDC and people by their own sign-on, or have a token of GitHub',
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
        'AWS asks for this very policy on the account’s logging role',
    });
  }
}

/** Who called what, and what came of it; no query, no body. */
function accessLogFormat(): AccessLogFormat {
  return AccessLogFormat.custom(
    JSON.stringify({
      at: '$context.requestTime',
      requestId: '$context.requestId',
      caller: '$context.identity.userArn',
      ip: '$context.identity.sourceIp',
      method: '$context.httpMethod',
      route: '$context.resourcePath',
      path: '$context.path',
      status: '$context.status',
      milliseconds: '$context.responseLatency',
      refusedBecause: '$context.error.responseType',
    }),
  );
}
