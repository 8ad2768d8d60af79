import { createHash } from 'node:crypto';

/** What decides whether a built tool still is the one that is wanted. */
export interface CacheKeyParts {
  readonly name: string;
  readonly version: string;
  readonly platform: string;
  readonly arch: string;
  /** Everything else that goes into the build: sources, lock files, flags. */
  readonly recipe: readonly string[];
}

/** The name of a cache entry, one folder name long: `ministack-1.5.33-linux-x64-3f2a9c01d4`. Any difference in its parts gives another name. */
export function cacheKey({ name, version, platform, arch, recipe }: CacheKeyParts): string {
  const hash = createHash('sha256');
  // Lengths first, so that two recipes cannot meet by moving text from one part to the next.
  for (const part of recipe) hash.update(`${Buffer.byteLength(part)}\n${part}`);
  return `${name}-${version}-${platform}-${arch}-${hash.digest('hex').slice(0, 10)}`;
}
