import { Duration } from 'aws-cdk-lib';
import { FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import type { Installation } from '../installation.ts';
import type { Alarms } from './alarms.ts';
import { allow } from './allow.ts';
import { DeadLetters } from './dead-letters.ts';
import type { FairleadFunction } from './fairlead-function.ts';
import { FairleadQueue } from './fairlead-queue.ts';
import type { FairleadTable } from './fairlead-table.ts';

/** One kind of change of the table: an event of the stream, for items of one `type`. */
export interface Change {
  readonly event: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly type: string;
}

export interface StreamReaderProps {
  readonly installation: Installation;
  readonly table: FairleadTable;
  /** The changes that are read; the function is not called for any other. */
  readonly changes: readonly Change[];
  readonly alarms: Alarms;
  /** Folder of the function; `{folder}-dead-letters` is the runbook of what it could not read. */
  readonly folder: string;
  /** What people lose when changes stay unread. */
  readonly impact: string;
  /** Makes the function, which is told the URL of its retry queue. */
  readonly reader: (scope: Construct, retryQueueUrl: string) => FairleadFunction;
}

/** The function's time limit times six (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html). */
const VISIBILITY = Duration.minutes(3);

/**
 * A function that reads changes of the table. It puts a record that it cannot handle into its retry queue, which feeds the same function; what fails there
 * five times is a dead letter. What the function never got to see (it was broken for an hour, say) goes to the dead letters as the stream's own note.
 */
export class StreamReader extends Construct {
  readonly reader: FairleadFunction;

  constructor(scope: Construct, id: string, props: StreamReaderProps) {
    super(scope, id);
    const { installation, table, changes, alarms, folder, impact } = props;
    const dead = new DeadLetters(this, 'Dead', { installation, alarms, runbook: `${folder}-dead-letters`, impact })
      .queue;
    const retry = new FairleadQueue(this, 'Retry', {
      installation,
      visibilityTimeout: VISIBILITY,
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: dead, maxReceiveCount: 5 },
    });
    this.reader = props.reader(this, retry.queueUrl);
    const { alias, role } = this.reader;
    allow(role, { actions: ['sqs:SendMessage'], resources: [retry.queueArn] });
    alias.addEventSource(
      new DynamoEventSource(table.table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        filters: changes.map(filterOf),
        batchSize: 10,
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        // Both are endless unless set (https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html).
        retryAttempts: 10,
        maxRecordAge: Duration.hours(1),
        onFailure: new SqsDlq(dead),
      }),
    );
    alias.addEventSource(new SqsEventSource(retry, { batchSize: 1, reportBatchItemFailures: true }));
  }
}

function filterOf({ event, type }: Change) {
  const image = event === 'REMOVE' ? 'OldImage' : 'NewImage';
  return FilterCriteria.filter({ eventName: [event], dynamodb: { [image]: { type: { S: [type] } } } });
}
