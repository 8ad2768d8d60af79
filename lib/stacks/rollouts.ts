import { Duration, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Env as DecideEnv } from '../../lambdas/decide-next/env.ts';
import { Env as FinishEnv } from '../../lambdas/finish-rollout/env.ts';
import { Env as PlanEnv } from '../../lambdas/plan-rollout/env.ts';
import { Env as WaitEnv } from '../../lambdas/store-wait/env.ts';
import { allow } from '../constructs/allow.ts';
import { allowBucketsOfCharts, allowPullingCharts } from '../constructs/chart-registry.ts';
import type { Deployer } from '../constructs/deployer.ts';
import { FairleadFunction } from '../constructs/fairlead-function.ts';
import { Machine, machineArn } from '../constructs/machine.ts';
import { endedExecutions, Occasion } from '../constructs/occasion.ts';
import { allowSeeingSealed } from '../constructs/secret-parameters.ts';
import { allowPullingValues } from '../constructs/value-parameters.ts';
import type { PartProps } from './part.ts';

export interface RolloutsProps extends PartProps {
  /** The machine that brings a package into one environment. */
  readonly deployment: Machine;
  /** By their names in `fairlead.yaml`: plans by themselves are worked out by them. */
  readonly deployers: ReadonlyMap<string, Deployer>;
}

/** One rollout from plan to end: the `rollout` machine and the functions that plan, decide, wait and finish. */
export class Rollouts extends Construct {
  readonly machine: Machine;
  /** Also freezes what views of values are of, for whoever asks it. */
  readonly planner: FairleadFunction;

  constructor(scope: Construct, id: string, props: RolloutsProps) {
    super(scope, id);
    const { installation, alarms, deployment } = props;
    const finish = this.#finish(props);
    this.planner = this.#plan(props);
    this.machine = new Machine(this, 'Rollout', {
      machine: 'rollout',
      installation: installation.config.name,
      calls: {
        PlanRollout: this.planner,
        DecideNext: this.#decide(props),
        StoreWait: this.#wait(props),
        FinishRollout: finish,
      },
      starts: { DeploymentMachine: deployment },
      alarms,
      impact: 'A rollout ended without its own last word: it is recorded as errored, or stays open.',
    });
    new Occasion(this, 'Ended', {
      installation,
      when: endedExecutions(this.machine.stateMachine.stateMachineArn),
      description: 'Records rollouts whose execution was stopped, failed or ran out of time',
      calls: finish,
      alarms,
      runbook: 'finish-rollout-dead-letters',
      impact: 'A rollout that was stopped stays open and holds up later rollouts of its package.',
    });
  }

  #plan({ installation: { config }, alarms, storage, deployers }: RolloutsProps): FairleadFunction {
    const { table, plans, digestKey } = storage;
    const arns = Object.fromEntries([...deployers].map(([name, { run }]) => [name, run.alias.functionArn]));
    const plan = new FairleadFunction(this, 'PlanRollout', {
      folder: 'plan-rollout',
      env: PlanEnv,
      environment: {
        TABLE_NAME: table.table.tableName,
        PLANS_BUCKET: plans.bucket.bucketName,
        DIGEST_KEY_ARN: digestKey.secret.secretArn,
        VALUES_BUCKET: storage.values.bucket.bucketName,
        VALUES_PREFIX: config.values.prefix,
        LABEL_ORDER: config.values.labelOrder.join(','),
        CHARTS_PLAIN_HTTP: config.charts.plainHttp ? 'true' : 'false',
        DEPLOYER_ARNS: Stack.of(this).toJsonString(arns),
      },
      alarms,
      impact: 'Rollouts cannot be planned: they end errored before anything is touched.',
      // Hundreds of environments, ten layers a call and a registry that may be slow.
      timeout: Duration.minutes(5),
      memoryMb: 1024,
    });
    table.grantReadWrite(plan.role);
    for (const folder of ['rollouts/*', 'plans/*', 'charts/*']) {
      plans.grantGet(plan.role, folder);
      plans.grantPut(plan.role, folder);
    }
    digestKey.grantRead(plan.role);
    allowPullingValues(plan.role, config);
    allowSeeingSealed(plan.role, config);
    storage.values.grantGetVersion(plan.role, '*');
    allowPullingCharts(plan.role, config);
    storage.charts.grantGet(plan.role, '*');
    allowBucketsOfCharts(plan.role, config);
    return plan;
  }

  #decide({ alarms, storage: { table } }: RolloutsProps): FairleadFunction {
    const decide = new FairleadFunction(this, 'DecideNext', {
      folder: 'decide-next',
      env: DecideEnv,
      environment: { TABLE_NAME: table.table.tableName },
      alarms,
      impact: 'Rollouts do not go on to their next deployment or stage.',
    });
    table.grantReadWrite(decide.role);
    // A rollout that goes on takes its wait away.
    table.grantDelete(decide.role);
    return decide;
  }

  #wait({ installation: { config }, alarms, storage: { table } }: RolloutsProps): FairleadFunction {
    const wait = new FairleadFunction(this, 'StoreWait', {
      folder: 'store-wait',
      env: WaitEnv,
      environment: { TABLE_NAME: table.table.tableName },
      alarms,
      impact: 'Rollouts that wait are not woken early and go on only when their wait ends by itself.',
    });
    table.grantReadWrite(wait.role);
    // Whoever waits for something else is no longer among those that the end of a freeze wakes.
    table.grantDelete(wait.role);
    allow(wait.role, {
      actions: ['states:SendTaskSuccess'],
      resources: [machineArn(this, config.name, 'rollout')],
    });
    return wait;
  }

  #finish({ alarms, storage: { table } }: RolloutsProps): FairleadFunction {
    const finish = new FairleadFunction(this, 'FinishRollout', {
      folder: 'finish-rollout',
      env: FinishEnv,
      environment: { TABLE_NAME: table.table.tableName },
      alarms,
      impact: 'Rollouts do not end: they stay open and hold up later rollouts of their package.',
    });
    table.grantReadWrite(finish.role);
    table.grantDelete(finish.role);
    return finish;
  }
}
