/** Where is a package's chart? An OCI registry, a repository or an archive by HTTPS, or a bucket; what its place says is all there is to know. */

export type ChartPlace =
  /** https://helm.sh/docs/topics/registries/ */
  | { readonly in: 'oci' }
  /** https://helm.sh/docs/topics/chart_repository/: `index` lists the versions of chart `name`. */
  | { readonly in: 'repository'; readonly index: string; readonly name: string }
  /** One archive a version: `{version}` stands for it. */
  | { readonly in: 'archive'; readonly template: string }
  /** Objects `{prefix}{name}-{version}.tgz`. */
  | { readonly in: 's3'; readonly bucket: string; readonly prefix: string; readonly name: string };

/** What a place with `{version}` has in it. */
export const VERSION_MARK = '{version}';

/** `place` as `contracts/api/package.ts` lets it in; undefined for anything else. */
export function readChartPlace(place: string): ChartPlace | undefined {
  if (place.startsWith('oci://')) return { in: 'oci' };
  const cut = place.lastIndexOf('/');
  const [before, name] = [place.slice(0, cut), place.slice(cut + 1)];
  if (/^https?:\/\/./.test(place)) {
    if (place.includes(VERSION_MARK)) return { in: 'archive', template: place };
    return name === '' ? undefined : { in: 'repository', index: `${before}/index.yaml`, name };
  }
  const [, bucket, path] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(before) ?? [];
  if (bucket === undefined || name === '') return undefined;
  return { in: 's3', bucket, prefix: path === undefined ? '' : `${path}/`, name };
}

/** Whether the archive of each version is copied when it is planned, since nobody else keeps it by its digest. */
export const isCopied = (place: string): boolean => !place.startsWith('oci://');
