/** What the four operations that change the registry share. */
import { PutHeaders } from '../../contracts/api/query.ts';
import type { OpenItem } from '../../domain/items/queue.ts';
import type { ReleaseItem } from '../../domain/items/release.ts';
import { keys, ranges } from '../../domain/keys.ts';
import type { Table } from '../../domain/table.ts';
import { type Call, headerOf } from './call.ts';

const AT_ONCE = 25;

/** The revision of `If-Match`, with or without quotes. @throws Refused when it is no revision */
export function ifMatch(call: Call): number | undefined {
  const header = headerOf(call, 'If-Match', PutHeaders.shape['If-Match']);
  return header === undefined ? undefined : Number(header.replaceAll('"', ''));
}

/** Releases of `pkg` in `environments`. */
export async function releasesOf(table: Table, pkg: string, environments: readonly string[]): Promise<ReleaseItem[]> {
  const found: ReleaseItem[] = [];
  for (let i = 0; i < environments.length; i += AT_ONCE) {
    const some = environments.slice(i, i + AT_ONCE).map((environment) => table.get(keys.release(environment, pkg)));
    found.push(...(await Promise.all(some)).filter((release) => release !== undefined));
  }
  return found;
}

/** Open rollouts of `packages` that are unplanned or have `environment` in their plan. */
export async function openIn(table: Table, packages: readonly string[], environment: string): Promise<OpenItem[]> {
  const queues = await Promise.all(packages.map((pkg) => table.query(ranges.open(pkg))));
  return queues.flat().filter(({ environments }) => environments === undefined || environments.includes(environment));
}
