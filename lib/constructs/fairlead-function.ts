import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { CompositePrincipal, type IPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type IFunction,
  type ILayerVersion,
  Function as Lambda,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type * as z from 'zod';
import type { DeployerVpc } from '../../contracts/deployer-settings.ts';
import type { Alarms } from './alarms.ts';
import { asFunction } from './as-interface.ts';
import { functionCode } from './function-code.ts';
import { letLambdaAttach, putIntoNetwork } from './private-network.ts';

/** Every variable of a function's own schema: forget one and the app stops compiling. */
export type EnvFor<Env extends z.ZodObject> = { readonly [K in keyof z.input<Env>]: string };

export interface FairleadFunctionProps<Env extends z.ZodObject> {
  /** Folder under `lambdas/` whose `index.ts` exports `handler`; also the name of its runbook. */
  readonly folder: string;
  /** The schema of the folder's `env.ts`. */
  readonly env: Env;
  readonly environment: EnvFor<Env>;
  readonly alarms: Alarms;
  /** What people lose while it fails, as one sentence. */
  readonly impact: string;
  /** What tells that it fails. @default its errors */
  readonly failures?: IMetric;
  /** @default 30 seconds */
  readonly timeout?: Duration;
  /** @default 512 */
  readonly memoryMb?: number;
  /** @default ARM */
  readonly architecture?: Architecture;
  /** @default none */
  readonly layers?: readonly ILayerVersion[];
  /** @default made by CloudFormation */
  readonly roleName?: string;
  /** Who takes on its role beside Lambda. @default nobody */
  readonly roleAlsoOf?: IPrincipal | undefined;
  /** Names it in alarms' and functions' lists, where a folder has several. @default none */
  readonly called?: string;
  /** @default outside of any VPC */
  readonly vpc?: DeployerVpc | undefined;
}

const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');

/**
 * A function the way Fairlead runs them: pinned runtime, called by its alias so that running executions survive a deployment, JSON logs that end,
 * a role of its own that may write those logs and nothing else, and never without an alarm.
 */
export class FairleadFunction<Env extends z.ZodObject = z.ZodObject> extends Construct {
  readonly alias: IFunction;
  /** What grants are given to. */
  readonly role: Role;

  constructor(scope: Construct, id: string, props: FairleadFunctionProps<Env>) {
    super(scope, id);
    const title = props.called === undefined ? props.folder : `${props.folder} (${props.called})`;
    const logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: props.roleAlsoOf === undefined ? LAMBDA : new CompositePrincipal(LAMBDA, props.roleAlsoOf),
      description: `of ${title}`,
      ...(props.roleName !== undefined && { roleName: props.roleName }),
    });
    logGroup.grantWrite(this.role);
    if (props.vpc !== undefined) letLambdaAttach(this.role);
    const lambda = new Lambda(this, 'Function', {
      code: functionCode(props.folder),
      handler: 'index.handler',
      description: `Fairlead: ${title}`,
      // Pinned: a newer runtime is a change like any other.
      runtime: Runtime.NODEJS_24_X,
      architecture: props.architecture ?? Architecture.ARM_64,
      timeout: props.timeout ?? Duration.seconds(30),
      memorySize: props.memoryMb ?? 512,
      environment: { ...props.environment, NODE_OPTIONS: '--enable-source-maps' },
      layers: [...(props.layers ?? [])],
      role: this.role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
    });
    if (props.vpc !== undefined) putIntoNetwork(lambda, props.vpc);
    this.alias = asFunction(lambda.addAlias('live'));
    props.alarms.add(this, 'Failing', {
      runbook: props.folder,
      impact: props.impact,
      metric: props.failures ?? lambda.metricErrors({ period: Duration.minutes(1) }),
    });
  }
}
