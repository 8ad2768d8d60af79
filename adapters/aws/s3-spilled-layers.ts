/** The bucket of layers that are too long for Parameter Store. */
import { createHash } from 'node:crypto';
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { MOST_SPILLED_BYTES, type Spill, type SpilledLayers, spillKey } from '../../domain/values/layers/spill.ts';

export interface S3SpilledLayersProps {
  readonly client: S3Client;
  readonly bucket: string;
}

export interface WritableSpilledLayers extends SpilledLayers {
  /** Keeps `content` under its own name, once. Answers where. */
  put(pkg: string, content: string): Promise<Spill>;
}

/** Without `s3:ListBucket` a missing key is answered 403, which looks the same as a missing right. */
const ABSENT = ['NoSuchKey', 'NoSuchVersion', 'NotFound', 'MethodNotAllowed', 'InvalidArgument'];

export function s3SpilledLayers({ client, bucket }: S3SpilledLayersProps): WritableSpilledLayers {
  return {
    bucket,
    async read({ key, versionId }) {
      try {
        const { Body, ContentLength = 0 } = await client.send(
          new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }),
        );
        if (ContentLength > MOST_SPILLED_BYTES) {
          // What is not read would hold the connection.
          await Body?.transformToWebStream().cancel();
          return { found: false, because: `which has ${ContentLength} bytes, more than ${MOST_SPILLED_BYTES}` };
        }
        const content = (await Body?.transformToByteArray()) ?? new Uint8Array();
        return { found: true, content, sha256: sha256Of(content) };
      } catch (error) {
        if (error instanceof S3ServiceException && ABSENT.includes(error.name)) {
          return { found: false, because: `which has no version ${versionId} (any more)` };
        }
        throw error;
      }
    },

    async put(pkg, content) {
      const sha256 = sha256Of(content);
      const key = spillKey(pkg, sha256);
      const versionId = await putOnce(client, { Bucket: bucket, Key: key, Body: content });
      return { bucket, key, versionId, sha256 };
    },
  };
}

const sha256Of = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

interface Put {
  readonly Bucket: string;
  readonly Key: string;
  readonly Body: string;
}

/** A second version of the same content would make the first one old, and old versions end. */
async function putOnce(client: S3Client, object: Put): Promise<string> {
  try {
    const { VersionId } = await client.send(new PutObjectCommand({ ...object, IfNoneMatch: '*' }));
    return versionOf(VersionId, object);
  } catch (error) {
    if (!(error instanceof S3ServiceException && error.name === 'PreconditionFailed')) throw error;
    const { Bucket, Key } = object;
    const { VersionId } = await client.send(new HeadObjectCommand({ Bucket, Key }));
    return versionOf(VersionId, object);
  }
}

function versionOf(found: string | undefined, { Bucket, Key }: Put): string {
  if (found !== undefined && found !== 'null') return found;
  throw new Error(`the bucket ${Bucket} keeps no versions of ${Key}: switch its versioning on`);
}
