import { isAbsolute, join } from 'node:path';

/**
 * Where built tools are kept for this user: `$XDG_CACHE_HOME/fairlead`, else `~/.cache/fairlead`.
 * A relative XDG_CACHE_HOME is ignored, as the XDG Base Directory Specification asks.
 * @param env the variables of the process; `bin` passes `process.env`.
 * @throws when the user has no home either.
 */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  const { XDG_CACHE_HOME: xdg, HOME: home } = env;
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'fairlead');
  if (home !== undefined && isAbsolute(home)) return join(home, '.cache', 'fairlead');
  throw new Error('no cache folder: neither XDG_CACHE_HOME nor HOME is an absolute path; set one of them');
}
