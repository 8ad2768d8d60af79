import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export interface AlarmsProps {
  /** Who is told by mail. @default nobody: subscribe to the topic by other means */
  readonly email?: string | undefined;
}

export interface AlarmWords {
  /** Page in `docs/runbooks/`, without `.md`. */
  readonly runbook: string;
  /** What people lose while it rings: the first sentence of the alarm. */
  readonly impact: string;
  /** What is measured; rings at `threshold` or more within one period. */
  readonly metric: IMetric;
  /** @default 1 */
  readonly threshold?: number;
}

/** Where alarms go, and the only way to make one: with what it means for people and the page that says what to do. */
export class Alarms extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { email }: AlarmsProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { enforceSSL: true });
    if (email !== undefined) this.topic.addSubscription(new EmailSubscription(email));
  }

  /** Adds an alarm below `scope`. Silence is no alarm: these metrics are only there while something happens. */
  add(scope: Construct, id: string, { runbook, impact, metric, threshold = 1 }: AlarmWords): Alarm {
    const alarm = new Alarm(scope, id, {
      alarmDescription: `${impact} Runbook: docs/runbooks/${runbook}.md`,
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    return alarm;
  }
}
