import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { s3Objects } from '../../../adapters/aws/s3-objects.ts';

const problem = (name: string) => new S3ServiceException({ name, $fault: 'client', $metadata: {} });
const objects = () => s3Objects({ client: new S3Client({}), bucket: 'plans' });

test('the first writer writes, conditional on nobody having written', async () => {
  const client = mockClient(S3Client);
  client.on(PutObjectCommand).resolves({});
  expect(await objects().putOnce('a', 'x')).toBe('written');
  expect(client.commandCalls(PutObjectCommand)[0]?.args[0].input).toMatchObject({ Key: 'a', IfNoneMatch: '*' });
});

test('the second writer is told that it exists', async () => {
  mockClient(S3Client).on(PutObjectCommand).rejects(problem('PreconditionFailed'));
  expect(await objects().putOnce('a', 'x')).toBe('exists');
});

test('missing rights are not mistaken for an existing object', async () => {
  mockClient(S3Client).on(PutObjectCommand).rejects(problem('AccessDenied'));
  await expect(objects().putOnce('a', 'x')).rejects.toThrow();
});

test('a missing key reads as nothing, missing rights as an error', async () => {
  const client = mockClient(S3Client);
  client.on(GetObjectCommand).rejectsOnce(new NoSuchKey({ message: '', $metadata: {} }));
  expect(await objects().get('a')).toBeUndefined();
  client.on(GetObjectCommand).rejects(problem('AccessDenied'));
  await expect(objects().get('a')).rejects.toThrow();
});
