import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { archiveCharts } from '../../../adapters/aws/archive-charts.ts';
import { s3Archives } from '../../../adapters/aws/s3-archives.ts';
import { s3Objects } from '../../../adapters/aws/s3-objects.ts';
import { localClient } from '../../../local/aws/local-clients.ts';
import type { MiniStack } from '../../../local/aws/ministack.ts';
import { chartArchive } from '../../support/chart-archive.ts';
import { testMiniStack } from '../../support/ministack.ts';

const ARCHIVE = chartArchive({ 'values.yaml': 'a: 1' });
let ministack: MiniStack;
let client: S3Client;

beforeAll(async () => {
  ministack = await testMiniStack();
  client = new S3Client({ ...localClient(ministack.endpoint), forcePathStyle: true });
  for (const Bucket of ['team-charts', 'plans']) await client.send(new CreateBucketCommand({ Bucket }));
  for (const version of ['1.9.0', '1.10.0']) {
    await client.send(new PutObjectCommand({ Bucket: 'team-charts', Key: `web/app-${version}.tgz`, Body: ARCHIVE }));
  }
});
afterAll(() => ministack?.stop());

test('a chart in a bucket is found by version, copied by digest, and read from its copy', async () => {
  const archives = s3Archives({ client });
  const copies = s3Objects({ client, bucket: 'plans' });
  expect(await archives.newest('s3://team-charts/web/app')).toEqual({ found: true, version: '1.10.0' });
  const resolved = await archiveCharts({ copies, archivesAt: () => archives }).resolve(
    's3://team-charts/web/app',
    '1.9.0',
  );
  if (!resolved.found) throw new Error(resolved.because);
  const pulled = await archiveCharts({ copies }).pull('s3://team-charts/web/app', resolved.digest);
  expect(pulled.pulled && Buffer.from(pulled.archive).equals(ARCHIVE)).toBe(true);
});

test.each([
  ['a version', 's3://team-charts/web/app', '2.0.0'],
  ['a bucket', 's3://no-such-charts/web/app', '1.9.0'],
])('%s that is not there is told so', async (_, place, version) => {
  const answer = await s3Archives({ client }).fetch(place, version);
  expect(answer).toMatchObject({
    found: false,
    code: 'chart-not-found',
    because: expect.stringContaining('is not there'),
  });
});
