import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Installation } from '../installation.ts';
import { acknowledge } from './acknowledge.ts';
import type { Alarms } from './alarms.ts';
import { FairleadQueue } from './fairlead-queue.ts';

export interface DeadLettersProps {
  readonly installation: Installation;
  readonly alarms: Alarms;
  /** Page in `docs/runbooks/`. */
  readonly runbook: string;
  /** What people lose while something lies there. */
  readonly impact: string;
}

/** What was tried often enough and now waits for a person, for 14 days; it rings at the first message. */
export class DeadLetters extends Construct {
  readonly queue: FairleadQueue;

  constructor(scope: Construct, id: string, { installation, alarms, runbook, impact }: DeadLettersProps) {
    super(scope, id);
    this.queue = new FairleadQueue(this, 'Queue', { installation, retentionPeriod: Duration.days(14) });
    acknowledge(this.queue, { 'AwsSolutions-SQS3': 'it is the end of the line: a person looks at what lies here' });
    alarms.add(this, 'NotEmpty', {
      runbook,
      impact,
      metric: this.queue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
    });
  }
}
