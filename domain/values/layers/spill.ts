/**
 * A layer too long for Parameter Store stands in the installation's values bucket, and its parameter points there: the whole text is
 * `s3://BUCKET/KEY?versionId=V&sha256=HEX`. Only a plan follows it, and freezes what it finds beside itself.
 */

/** Such a layer is a small file still. */
export const MOST_SPILLED_BYTES = 1024 * 1024;

export interface Spill {
  readonly bucket: string;
  readonly key: string;
  /** Of the object: a bucket with versions keeps each. */
  readonly versionId: string;
  /** Of the content, 64 hex digits. */
  readonly sha256: string;
}

export type ReadSpill =
  | { readonly is: 'plain' }
  | { readonly is: 'spilled'; readonly at: Spill }
  | { readonly is: 'broken'; readonly because: string };

export const SPILL_FORM = 's3://BUCKET/KEY?versionId=V&sha256=HEX';

const FORM =
  /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/([A-Za-z0-9/_.-]{1,512})\?versionId=([A-Za-z0-9._-]{1,1024})&sha256=([0-9a-f]{64})$/;

/** Whether a parameter's value points to where the layer stands. Spaces and line feeds around it do not count. */
export function readSpill(value: string): ReadSpill {
  const text = value.trim();
  if (!text.startsWith('s3://')) return { is: 'plain' };
  const [, bucket, key, versionId, sha256] = FORM.exec(text) ?? [];
  if (bucket === undefined || key === undefined || versionId === undefined || sha256 === undefined) {
    return { is: 'broken', because: `begins with s3:// and is not of the form ${SPILL_FORM}` };
  }
  return { is: 'spilled', at: { bucket, key, versionId, sha256 } };
}

/** The text that stands in the parameter. */
export function spillText({ bucket, key, versionId, sha256 }: Spill): string {
  return `s3://${bucket}/${key}?versionId=${versionId}&sha256=${sha256}`;
}

/** Named by its content, so that the same layer is kept once. */
export function spillKey(pkg: string, sha256: string): string {
  return `${pkg}/${sha256}.yaml`;
}

/** Why a layer of `pkg` may not be read from there; nothing when it may. */
export function foreignSpill(
  at: Spill,
  own: { readonly bucket: string; readonly package: string },
): string | undefined {
  if (at.bucket !== own.bucket) {
    return `points to the bucket ${at.bucket}, and layers are read from ${own.bucket} only`;
  }
  if (!at.key.startsWith(`${own.package}/`) || at.key.split('/').includes('..')) {
    return `points to ${at.key}, and layers of ${own.package} are read from ${own.package}/… only`;
  }
  return undefined;
}

export type SpilledContent =
  | { readonly found: true; readonly content: Uint8Array; readonly sha256: string }
  | { readonly found: false; readonly because: string };

/** The installation's bucket of layers that are too long for Parameter Store. */
export interface SpilledLayers {
  readonly bucket: string;
  /** Very this version. What has more than `MOST_SPILLED_BYTES` is not read. */
  read(at: Pick<Spill, 'key' | 'versionId'>): Promise<SpilledContent>;
}
