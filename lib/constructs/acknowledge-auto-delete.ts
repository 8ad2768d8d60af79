import type { Stack } from 'aws-cdk-lib';
import { acknowledge } from './acknowledge.ts';

/** Path of the CDK's own function that empties the buckets of a disposable installation. */
const PROVIDER = 'Custom::S3AutoDeleteObjectsCustomResourceProvider';

/** Accepts what the CDK makes by itself where buckets go with their stack. Does nothing in an installation that keeps them. */
export function acknowledgeAutoDelete(stack: Stack): void {
  const provider = stack.node.tryFindChild(PROVIDER);
  if (provider === undefined) return;
  const because = "the CDK's own helper, in disposable installations only";
  acknowledge(provider, {
    'AwsSolutions-L1': because,
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]': because,
  });
}
