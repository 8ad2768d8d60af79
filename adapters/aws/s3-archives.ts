/** Charts as objects of buckets: `{name}-{version}.tgz`, one a version. */
import { GetObjectCommand, paginateListObjectsV2, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { ChartArchives, FoundArchive } from '../../domain/registry/chart-archives.ts';
import { readChartPlace } from '../../domain/registry/chart-place.ts';
import { newestVersion } from '../../domain/registry/newest-version.ts';

export interface S3ArchivesProps {
  readonly client: S3Client;
}

const MOST_ARCHIVE = 20 * 1024 * 1024;
const MOST_OBJECTS = 10_000;

/** @throws what is no answer of S3's about a bucket or an object */
export function s3Archives({ client }: S3ArchivesProps): ChartArchives {
  return {
    async fetch(chart, version) {
      const { bucket, prefix, name } = placeOf(chart);
      const key = `${prefix}${name}-${version}.tgz`;
      try {
        const { Body, ContentLength = 0 } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        if (ContentLength > MOST_ARCHIVE) return missing(`s3://${bucket}/${key} is larger than ${MOST_ARCHIVE} bytes`);
        const archive = await Body?.transformToByteArray();
        return archive === undefined ? missing(`s3://${bucket}/${key} is empty`) : { found: true, archive };
      } catch (error) {
        return told(error, `s3://${bucket}/${key}`);
      }
    },

    async newest(chart) {
      const { bucket, prefix, name } = placeOf(chart);
      const versions: string[] = [];
      try {
        const start = `${prefix}${name}-`;
        for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: start })) {
          const keys = Contents.flatMap(({ Key }) => (Key?.endsWith('.tgz') ? Key : []));
          versions.push(...keys.map((key) => key.slice(start.length, -'.tgz'.length)));
          if (versions.length > MOST_OBJECTS) break;
        }
      } catch (error) {
        return told(error, `s3://${bucket}/${prefix}${name}`);
      }
      const version = newestVersion(versions);
      return version === undefined
        ? missing(`s3://${bucket}/${prefix} has no ${name}-VERSION.tgz`)
        : { found: true, version };
    },
  };
}

function placeOf(chart: string) {
  const place = readChartPlace(chart);
  if (place?.in !== 's3') throw new Error(`not a chart in a bucket: ${chart}`);
  return place;
}

type Refusal = Extract<FoundArchive, { found: false }>;

const missing = (because: string): Refusal => ({ found: false, code: 'chart-not-found', because });

function told(error: unknown, what: string): Refusal {
  if (!(error instanceof S3ServiceException)) throw error;
  const status = error.$metadata.httpStatusCode ?? 0;
  if (error.name === 'NoSuchKey' || error.name === 'NoSuchBucket' || status === 404) {
    return missing(`${what} is not there: upload it, or name a version that is there`);
  }
  if (status === 403) return missing(`${what} may not be read: name its bucket in charts.buckets of fairlead.yaml`);
  return { found: false, code: 'unreachable', because: `${what} cannot be read now: ${error.name}` };
}
