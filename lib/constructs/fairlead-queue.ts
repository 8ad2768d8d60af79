import { Queue, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Installation } from '../installation.ts';
import { acknowledge } from './acknowledge.ts';

export interface FairleadQueueProps extends Omit<QueueProps, 'enforceSSL'> {
  readonly installation: Installation;
}

/** A queue that is spoken to over TLS only; in the local AWS, which speaks plain HTTP and heeds the policy, over whatever there is. */
export class FairleadQueue extends Queue {
  constructor(scope: Construct, id: string, { installation: { local }, ...props }: FairleadQueueProps) {
    super(scope, id, { ...props, enforceSSL: !local });
    if (local) acknowledge(this, { 'AwsSolutions-SQS4': 'the local AWS speaks plain HTTP on the loopback only' });
  }
}
