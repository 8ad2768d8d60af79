import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Env as StartEnv } from '../../lambdas/start-rollout/env.ts';
import { Env as SweepEnv } from '../../lambdas/sweep-rollouts/env.ts';
import { Env as WakeEnv } from '../../lambdas/wake-rollout/env.ts';
import { allow } from '../constructs/allow.ts';
import { FairleadFunction } from '../constructs/fairlead-function.ts';
import { executionsOf, type Machine } from '../constructs/machine.ts';
import { Occasion } from '../constructs/occasion.ts';
import { StreamReader } from '../constructs/stream-reader.ts';
import type { PartProps } from './part.ts';

export interface WakersProps extends PartProps {
  readonly rollout: Machine;
  readonly deployment: Machine;
  /** Of plans by themselves. */
  readonly plan: Machine;
}

/** What turns a changed table into moving executions: the stream's two readers, and the sweeper for what they missed. */
export class Wakers extends Construct {
  constructor(scope: Construct, id: string, props: WakersProps) {
    super(scope, id);
    this.#start(props);
    this.#wake(props);
    this.#sweep(props);
  }

  #start({ installation, alarms, storage: { table }, rollout, plan }: WakersProps): void {
    const rolloutMachineArn = rollout.stateMachine.stateMachineArn;
    const planMachineArn = plan.stateMachine.stateMachineArn;
    const impact = 'Accepted rollouts and plans do not start.';
    const { reader } = new StreamReader(this, 'StartRollout', {
      installation,
      table,
      changes: [
        { event: 'INSERT', type: 'run' },
        { event: 'INSERT', type: 'plan' },
      ],
      alarms,
      folder: 'start-rollout',
      impact,
      reader: (scope, retryQueueUrl) =>
        new FairleadFunction(scope, 'Reader', {
          folder: 'start-rollout',
          env: StartEnv,
          environment: {
            ROLLOUT_MACHINE_ARN: rolloutMachineArn,
            PLAN_MACHINE_ARN: planMachineArn,
            RETRY_QUEUE_URL: retryQueueUrl,
          },
          alarms,
          impact,
        }),
    });
    allow(reader.role, { actions: ['states:StartExecution'], resources: [rolloutMachineArn, planMachineArn] });
  }

  #wake({ installation, alarms, storage: { table }, rollout }: WakersProps): void {
    const rolloutMachineArn = rollout.stateMachine.stateMachineArn;
    const impact = 'Waiting rollouts go on only when their wait ends by itself, up to four hours late.';
    const { reader } = new StreamReader(this, 'WakeRollout', {
      installation,
      table,
      changes: [
        { event: 'MODIFY', type: 'rollout' },
        { event: 'MODIFY', type: 'open' },
        { event: 'REMOVE', type: 'open' },
        { event: 'MODIFY', type: 'freeze' },
        { event: 'REMOVE', type: 'freeze' },
      ],
      alarms,
      folder: 'wake-rollout',
      impact,
      reader: (scope, retryQueueUrl) =>
        new FairleadFunction(scope, 'Reader', {
          folder: 'wake-rollout',
          env: WakeEnv,
          environment: { TABLE_NAME: table.table.tableName, RETRY_QUEUE_URL: retryQueueUrl },
          alarms,
          impact,
        }),
    });
    table.grantRead(reader.role);
    allow(reader.role, { actions: ['states:SendTaskSuccess'], resources: [rolloutMachineArn] });
  }

  #sweep({ installation, alarms, storage: { table }, rollout, deployment }: WakersProps): void {
    const rolloutMachineArn = rollout.stateMachine.stateMachineArn;
    const impact =
      'What lost its execution stays as it is: rollouts that never started or died silently, deployments that nobody carries on, waits that nobody ended.';
    const sweep = new FairleadFunction(this, 'SweepRollouts', {
      folder: 'sweep-rollouts',
      env: SweepEnv,
      environment: {
        TABLE_NAME: table.table.tableName,
        ROLLOUT_MACHINE_ARN: rolloutMachineArn,
        DEPLOYMENT_MACHINE_ARN: deployment.stateMachine.stateMachineArn,
      },
      alarms,
      impact,
    });
    table.grantReadWrite(sweep.role);
    // News that it numbers become events.
    table.grantDelete(sweep.role);
    table.grantList(sweep.role, 'open');
    allow(sweep.role, { actions: ['states:SendTaskSuccess'], resources: [rolloutMachineArn] });
    allow(sweep.role, {
      actions: ['states:DescribeExecution'],
      resources: [rollout, deployment].map(({ stateMachine }) => executionsOf(stateMachine)),
      because: 'executions are named after rollouts, which come and go',
    });
    new Occasion(this, 'EveryMinute', {
      installation,
      when: Duration.minutes(1),
      description: 'Ends or goes on with what lost its execution',
      calls: sweep,
      alarms,
      runbook: 'sweep-rollouts-dead-letters',
      impact,
    });
  }
}
