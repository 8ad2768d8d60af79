import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteParameterCommand, DescribeParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll } from 'vitest';
import { s3Objects } from '../../../adapters/aws/s3-objects.ts';
import { ssmParameters } from '../../../adapters/aws/ssm-parameters.ts';
import { localClient } from '../../../local/aws/local-clients.ts';
import type { MiniStack } from '../../../local/aws/ministack.ts';
import { testMiniStack } from '../../support/ministack.ts';
import { objectsContract } from '../objects.contract.ts';
import { parametersContract } from '../parameters.contract.ts';

let ministack: MiniStack;
let buckets = 0;
beforeAll(async () => {
  ministack = await testMiniStack();
});
afterAll(() => ministack?.stop());

parametersContract('Parameter Store', async () => {
  const client = new SSMClient(localClient(ministack.endpoint));
  const remove = async (Name: string) => void (await client.send(new DeleteParameterCommand({ Name })));
  const { Parameters = [] } = await client.send(new DescribeParametersCommand({ MaxResults: 50 }));
  for (const { Name } of Parameters) await remove(Name ?? '');
  return {
    parameters: ssmParameters({ client }),
    put: async (Name, Value) =>
      void (await client.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }))),
    remove,
  };
});

objectsContract('S3', async () => {
  const client = new S3Client({ ...localClient(ministack.endpoint), forcePathStyle: true });
  const bucket = `bucket-${++buckets}`;
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  return s3Objects({ client, bucket });
});
