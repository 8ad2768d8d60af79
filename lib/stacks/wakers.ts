import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Env as StartEnv } from '../../lambdas/start-rollout/env.ts';
import { Env as SweepEnv } from '../../lambdas/sweep-rollouts/env.ts';
import { Env as WakeEnv } from '../../lambdas/wake-rollout/env.ts';
import { allow } from '../constructs/allow.ts';
import { FairleadFunction } from '../constructs/fairlead-function.ts';
import { Occasion } from '../constructs/occasion.ts';
import { StreamReader } from '../constructs/stream-reader.ts';
import type { PartProps } from './part.ts';

export interface WakersProps extends PartProps {
  /** ARN of the `rollout` machine. */
  readonly rolloutMachineArn: string;
}

/** What turns a changed table into moving executions: the stream's two readers, and the sweeper for what they missed. */
export class Wakers extends Construct {
  constructor(scope: Construct, id: string, props: WakersProps) {
    super(scope, id);
    this.#start(props);
    this.#wake(props);
    this.#sweep(props);
  }

  #start({ installation, alarms, storage: { table }, rolloutMachineArn }: WakersProps): void {
    const impact = 'Accepted rollouts do not start.';
    const { reader } = new StreamReader(this, 'StartRollout', {
      installation,
      table,
      changes: [{ event: 'INSERT', type: 'run' }],
      alarms,
      folder: 'start-rollout',
      impact,
      reader: (scope, retryQueueUrl) =>
        new FairleadFunction(scope, 'Reader', {
          folder: 'start-rollout',
          env: StartEnv,
          environment: { ROLLOUT_MACHINE_ARN: rolloutMachineArn, RETRY_QUEUE_URL: retryQueueUrl },
          alarms,
          impact,
        }),
    });
    allow(reader.role, { actions: ['states:StartExecution'], resources: [rolloutMachineArn] });
  }

  #wake({ installation, alarms, storage: { table }, rolloutMachineArn }: WakersProps): void {
    const impact = 'Waiting rollouts go on only when their wait ends by itself, up to four hours late.';
    const { reader } = new StreamReader(this, 'WakeRollout', {
      installation,
      table,
      changes: [
        { event: 'MODIFY', type: 'rollout' },
        { event: 'MODIFY', type: 'open' },
        { event: 'REMOVE', type: 'open' },
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

  #sweep({ installation, alarms, storage: { table } }: WakersProps): void {
    const impact =
      'Rollouts whose start was missed, or whose execution died silently half an hour ago, are not started again.';
    const sweep = new FairleadFunction(this, 'SweepRollouts', {
      folder: 'sweep-rollouts',
      env: SweepEnv,
      environment: { TABLE_NAME: table.table.tableName },
      alarms,
      impact,
    });
    table.grantReadWrite(sweep.role);
    table.grantList(sweep.role, 'open');
    new Occasion(this, 'EveryMinute', {
      installation,
      when: Duration.minutes(1),
      description: 'Starts rollouts again that stayed accepted or fell silent',
      calls: sweep,
      alarms,
      runbook: 'sweep-rollouts-dead-letters',
      impact,
    });
  }
}
