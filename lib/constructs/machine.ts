import { join } from 'node:path';
import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Alarms } from './alarms.ts';
import { allow } from './allow.ts';
import { type BuildProject, projectArn } from './build-project.ts';
import type { FairleadFunction } from './fairlead-function.ts';

const FILES = join(import.meta.dirname, '../../statemachines');

export interface MachineProps {
  /** Name of its file in `statemachines/`, of its runbook, and of the machine itself behind the installation's. */
  readonly machine: 'rollout' | 'deployment' | 'plan';
  /** Name of the installation. */
  readonly installation: string;
  /** Functions it calls: `${PlanRolloutArn}` in the file is the alias of `PlanRollout`. */
  readonly calls: Readonly<Record<string, FairleadFunction>>;
  /** Functions it calls by an ARN that one of `calls` has answered. @default none */
  readonly isSentTo?: readonly FairleadFunction[];
  /** Machines whose executions it starts and waits for: `${DeploymentMachineArn}` in the file. @default none */
  readonly starts?: Readonly<Record<string, Machine>>;
  /** CodeBuild projects whose builds it starts and waits for, by names that one of `calls` has answered. @default none */
  readonly builds?: readonly BuildProject[];
  readonly alarms: Alarms;
  /** What people lose when an execution does not end by itself. */
  readonly impact: string;
}

/** A state machine made from its file, with exactly the rights that the file's states need, and logs without execution data. */
export class Machine extends Construct {
  readonly stateMachine: StateMachine;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: MachineProps) {
    super(scope, id);
    const { machine, installation, calls, isSentTo = [], starts = {}, builds = [], alarms, impact } = props;
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    this.stateMachine = new StateMachine(this, 'Machine', {
      stateMachineName: machineName(installation, machine),
      definitionBody: DefinitionBody.fromFile(join(FILES, `${machine}.asl.json`)),
      definitionSubstitutions: {
        ...mapValues(calls, ({ alias }) => alias.functionArn),
        ...mapValues(starts, ({ stateMachine }) => stateMachine.stateMachineArn),
      },
      role: this.role,
      logs: { destination: this.#logs(), level: LogLevel.ALL, includeExecutionData: false },
      tracingEnabled: true,
    });
    allow(this.role, {
      actions: ['lambda:InvokeFunction'],
      resources: [...Object.values(calls), ...isSentTo].map(({ alias }) => alias.functionArn),
    });
    for (const { stateMachine } of Object.values(starts)) this.#allowStartAndAwait(stateMachine);
    if (builds.length > 0) this.#allowBuilding(builds);
    acknowledge(this.role, {
      'AwsSolutions-IAM5[Resource::*]': 'delivery of logs and X-Ray segments know no resources',
    });
    this.#alarm(alarms, impact, machine);
  }

  /** Log groups under this prefix are left out of the resource policy's size limit (https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html). */
  #logs(): LogGroup {
    return new LogGroup(this, 'Logs', {
      logGroupName: `/aws/vendedlogs/states/${Stack.of(this).stackName}/${this.node.id}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  /** `states:startExecution.sync:2` waits by an AWS rule and by looking (https://docs.aws.amazon.com/step-functions/latest/dg/stepfunctions-iam.html). */
  #allowStartAndAwait(child: StateMachine): void {
    const stack = Stack.of(this);
    allow(this.role, { actions: ['states:StartExecution'], resources: [child.stateMachineArn] });
    allow(this.role, {
      actions: ['states:DescribeExecution', 'states:StopExecution'],
      resources: [executionsOf(child)],
      because: 'executions are named by the machine itself',
    });
    allow(this.role, {
      actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
      resources: [
        stack.formatArn({ service: 'events', resource: 'rule/StepFunctionsGetEventsForStepFunctionsExecutionRule' }),
      ],
    });
  }

  /** `codebuild:startBuild.sync`, likewise (https://docs.aws.amazon.com/step-functions/latest/dg/connect-codebuild.html). */
  #allowBuilding(builds: readonly BuildProject[]): void {
    allow(this.role, {
      actions: ['codebuild:StartBuild', 'codebuild:StopBuild', 'codebuild:BatchGetBuilds'],
      resources: builds.map(({ projectName }) => projectArn(this, projectName)),
    });
    allow(this.role, {
      actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
      resources: [
        Stack.of(this).formatArn({
          service: 'events',
          resource: 'rule/StepFunctionsGetEventForCodeBuildStartBuildRule',
        }),
      ],
    });
  }

  #alarm(alarms: Alarms, impact: string, machine: string): void {
    const period = Duration.minutes(5);
    const runbook = `${machine}-machine`;
    alarms.add(this, 'Failed', { runbook, impact, metric: this.stateMachine.metricFailed({ period }) });
    alarms.add(this, 'TimedOut', { runbook, impact, metric: this.stateMachine.metricTimedOut({ period }) });
  }
}

/** The name is chosen by us, so that a function which a machine calls can be allowed to answer it. */
export function machineName(installation: string, machine: MachineProps['machine']): string {
  return `${installation}-${machine}`;
}

/** ARN of a machine by its name, where the machine itself would close a circle. */
export function machineArn(scope: Construct, installation: string, machine: MachineProps['machine']): string {
  const resourceName = machineName(installation, machine);
  return Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** Pattern of the ARNs of a machine's executions. */
export function executionsOf(machine: StateMachine): string {
  const resourceName = `${machine.stateMachineName}:*`;
  return Stack.of(machine).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

function mapValues<T>(record: Readonly<Record<string, T>>, to: (value: T) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [`${name}Arn`, to(value)]));
}
