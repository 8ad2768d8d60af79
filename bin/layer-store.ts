/** Parameter Store and the values bucket as whoever this command acts as. */
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { parameterStore } from '../adapters/aws/parameter-store.ts';
import { s3SpilledLayers } from '../adapters/aws/s3-spilled-layers.ts';
import { toldPlainly } from '../adapters/aws/told-plainly.ts';
import type { LayerStore } from '../contracts/layer-store.ts';
import { awsClientOf } from './aws-client.ts';
import type { Chosen } from './destination.ts';

/** The port; S3 is told plainly as Parameter Store is. */
export function layerStore(chosen: Chosen): LayerStore {
  const aws = awsClientOf(chosen);
  return {
    ...parameterStore(new SSMClient(aws)),
    bucket: (bucket) => {
      const client = new S3Client({ ...aws, forcePathStyle: chosen.awsEndpoint !== undefined });
      const own = s3SpilledLayers({ client, bucket });
      return {
        bucket,
        read: (at) => toldPlainly(`read s3://${bucket}/${at.key}`, own.read(at)),
        put: (pkg, content) => toldPlainly(`write a layer of ${pkg} into s3://${bucket}`, own.put(pkg, content)),
      };
    },
  };
}
