import { GetObjectCommand, ListObjectsV2Command, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { s3Archives } from '../../../adapters/aws/s3-archives.ts';

const s3 = mockClient(S3Client);
const archives = s3Archives({ client: new S3Client({}) });
beforeEach(() => s3.reset());

const failing = (name: string, status: number) =>
  new S3ServiceException({ name, $fault: 'client', message: name, $metadata: { httpStatusCode: status } });

test.each([
  ['s3://charts/web', 'web-1.0.0.tgz'],
  ['s3://charts/team/a/web', 'team/a/web-1.0.0.tgz'],
])('%s has version 1.0.0 at %s', async (place, key) => {
  s3.on(GetObjectCommand).rejects(failing('NoSuchKey', 404));
  s3.on(GetObjectCommand, { Bucket: 'charts', Key: key }).resolves({
    Body: { transformToByteArray: async () => Buffer.from('archive') } as never,
  });
  expect(await archives.fetch(place, '1.0.0')).toEqual({ found: true, archive: Buffer.from('archive') });
});

test.each([
  [failing('NoSuchKey', 404), 'chart-not-found', /upload it/],
  [failing('NoSuchBucket', 404), 'chart-not-found', /upload it/],
  [failing('AccessDenied', 403), 'chart-not-found', /name its bucket in charts.buckets of fairlead.yaml/],
  [failing('SlowDown', 503), 'unreachable', /cannot be read now: SlowDown/],
])('%s is an answer', async (error, code, because) => {
  s3.on(GetObjectCommand).rejects(error);
  const answer = await archives.fetch('s3://charts/web', '1.0.0');
  expect(answer).toEqual({ found: false, code, because: expect.stringMatching(because) });
});

test('an object that is no chart by its size is not read', async () => {
  s3.on(GetObjectCommand).resolves({ ContentLength: 21 * 1024 * 1024 });
  expect(await archives.fetch('s3://charts/web', '1.0.0')).toMatchObject({ found: false, code: 'chart-not-found' });
});

test('the newest version is told by the names of the objects', async () => {
  const keys = ['a/web-1.9.0.tgz', 'a/web-1.10.0.tgz', 'a/web-admin-3.0.0.tgz', 'a/web-2.0.0.txt'];
  s3.on(ListObjectsV2Command, { Bucket: 'charts', Prefix: 'a/web-' }).resolves({
    Contents: keys.map((Key) => ({ Key })),
  });
  expect(await archives.newest('s3://charts/a/web')).toEqual({ found: true, version: '1.10.0' });
});
