import { expect, test } from 'vitest';
import { eksToken } from '../../../adapters/aws/eks-token.ts';

const credentials = async () => ({ accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'very-secret', sessionToken: 'st/+=' });
const urlOf = (token: string) => new URL(Buffer.from(token.replace('k8s-aws-v1.', ''), 'base64url').toString());
const at = (minutes: number) => new Date(Date.UTC(2026, 10, 21, 10, minutes));

test('it is a presigned GetCallerIdentity, bound to the cluster by a signed header', async () => {
  const token = await eksToken({ cluster: 'dev', region: 'eu-north-1', credentials, now: () => at(0) })();
  expect(token).toMatch(/^k8s-aws-v1\.[A-Za-z0-9_-]+$/);
  const url = urlOf(token);
  expect(url.origin).toBe('https://sts.eu-north-1.amazonaws.com');
  const query = Object.fromEntries(url.searchParams);
  expect(query).toMatchObject({
    Action: 'GetCallerIdentity',
    'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
    'X-Amz-Date': '20261121T100000Z',
    'X-Amz-Expires': '60',
    'X-Amz-Security-Token': 'st/+=',
  });
  expect(url.href).not.toContain('very-secret');
});

test('tokens for two clusters differ in their signature', async () => {
  const [a, b] = await Promise.all(
    ['dev', 'prod'].map((cluster) => eksToken({ cluster, region: 'eu-north-1', credentials, now: () => at(0) })()),
  );
  const signature = (token = '') => urlOf(token).searchParams.get('X-Amz-Signature');
  expect(signature(a)).not.toBe(signature(b));
});

test('it is renewed after ten minutes, not before', async () => {
  let now = at(0);
  const token = eksToken({ cluster: 'dev', region: 'eu-north-1', credentials, now: () => now });
  const first = await token();
  now = at(9);
  expect(await token()).toBe(first);
  now = at(10);
  expect(await token()).not.toBe(first);
});
