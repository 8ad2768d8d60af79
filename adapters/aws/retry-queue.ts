/** The queue that a stream's reader puts records into which it cannot handle now; it feeds the same function. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { RetryQueue } from '../../domain/ports.ts';

export interface SqsRetryQueueProps {
  readonly client: SQSClient;
  readonly queueUrl: string;
}

/** The port `RetryQueue` in SQS: one record a message, as JSON. */
export function sqsRetryQueue({ client, queueUrl }: SqsRetryQueueProps): RetryQueue {
  return {
    async put(record) {
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(record) }));
    },
  };
}
