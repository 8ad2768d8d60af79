/** One S3 bucket of objects that are written once. */
import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { Objects } from '../../domain/ports.ts';

export interface S3ObjectsProps {
  readonly client: S3Client;
  readonly bucket: string;
}

/**
 * The port `Objects`. A conditional write decides who was first
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html).
 * Without `s3:ListBucket` a missing key is answered 403; the grant has to include it.
 */
export function s3Objects({ client, bucket }: S3ObjectsProps): Objects {
  return {
    async putOnce(key, content) {
      try {
        await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content, IfNoneMatch: '*' }));
        return 'written';
      } catch (error) {
        // 412: it is there. A 409 (another conditional write is under way) is thrown: trying again will tell.
        if (error instanceof S3ServiceException && error.name === 'PreconditionFailed') return 'exists';
        throw error;
      }
    },

    async get(key) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return await Body?.transformToByteArray();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
  };
}
