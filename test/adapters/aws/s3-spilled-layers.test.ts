import { createHash } from 'node:crypto';
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { s3SpilledLayers } from '../../../adapters/aws/s3-spilled-layers.ts';

const s3 = mockClient(S3Client);
const bucket = s3SpilledLayers({ client: new S3Client({ region: 'eu-north-1' }), bucket: 'values' });
const refusal = (name: string) => new S3ServiceException({ name, $fault: 'client', $metadata: {}, message: name });
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const body = (text: string) =>
  ({
    transformToByteArray: async () => Buffer.from(text),
    transformToWebStream: () => new ReadableStream(),
  }) as unknown as NonNullable<GetObjectCommandOutput['Body']>;
beforeEach(() => void s3.reset());

describe('a layer in the bucket', () => {
  test('is put once, under its own digest, and its version is told', async () => {
    s3.on(PutObjectCommand).resolves({ VersionId: 'v1' });
    const at = { bucket: 'values', key: `webui/${sha256('a: 1')}.yaml`, versionId: 'v1', sha256: sha256('a: 1') };
    expect(await bucket.put('webui', 'a: 1')).toEqual(at);
    expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toMatchObject({ Key: at.key, IfNoneMatch: '*' });
  });

  test('that is there already keeps its version: it must not become an old one, which ends', async () => {
    s3.on(PutObjectCommand).rejects(refusal('PreconditionFailed')).on(HeadObjectCommand).resolves({ VersionId: 'v0' });
    expect((await bucket.put('webui', 'a: 1')).versionId).toBe('v0');
  });

  test.each([undefined, 'null'])('of a bucket without versions (%s) is not pointed to', async (VersionId) => {
    s3.on(PutObjectCommand).resolves({ ...(VersionId !== undefined && { VersionId }) });
    await expect(bucket.put('webui', 'a: 1')).rejects.toThrow(/keeps no versions/);
  });

  test('is read at very its version, with its digest', async () => {
    s3.on(GetObjectCommand, { Bucket: 'values', Key: 'webui/x.yaml', VersionId: 'v1' }).resolves({
      Body: body('a: 1'),
      ContentLength: 4,
    });
    const found = await bucket.read({ key: 'webui/x.yaml', versionId: 'v1' });
    expect(found).toMatchObject({ found: true, sha256: sha256('a: 1') });
  });

  test('of more than a megabyte is not read', async () => {
    s3.on(GetObjectCommand).resolves({ Body: body('a: 1'), ContentLength: 1024 * 1024 + 1 });
    const found = await bucket.read({ key: 'webui/x.yaml', versionId: 'v1' });
    expect(found).toEqual({ found: false, because: 'which has 1048577 bytes, more than 1048576' });
  });

  test.each(['NoSuchKey', 'NoSuchVersion', 'InvalidArgument'])('that is gone (%s) is said to be', async (name) => {
    s3.on(GetObjectCommand).rejects(refusal(name));
    expect(await bucket.read({ key: 'webui/x.yaml', versionId: 'v1' })).toEqual({
      found: false,
      because: 'which has no version v1 (any more)',
    });
  });

  test('that may not be read is no missing one', async () => {
    s3.on(GetObjectCommand).rejects(refusal('AccessDenied'));
    await expect(bucket.read({ key: 'webui/x.yaml', versionId: 'v1' })).rejects.toThrow('AccessDenied');
  });
});
