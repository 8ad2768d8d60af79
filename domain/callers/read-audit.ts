/** Reads audit lines, oldest first, a page at a time. Each day is a partition of its own, so that no partition grows for ever. */
import type { AuditItem } from '../items/audit.ts';
import { keys, ranges } from '../keys.ts';
import type { Table } from '../table.ts';

export interface AuditQuestion {
  readonly since: Date;
  /** Included. */
  readonly until: Date;
  readonly package?: string | undefined;
  /** `next` of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface AuditPage {
  readonly lines: readonly AuditItem[];
  /** Hand it back as `after` to go on; absent at the end. */
  readonly next?: string;
}

const DAY_MS = 86_400_000;
/** Lines read for one page, whether they are wanted or not: a page may be short, and says where to go on. */
const MOST_READ = 1000;

/** One page of lines between two moments. */
export async function readAudit(table: Pick<Table, 'query'>, question: AuditQuestion): Promise<AuditPage> {
  const { since, until, after, limit, package: pkg } = question;
  const found: AuditItem[] = [];
  let read = 0;
  for await (const line of linesBetween(table, later(since.toISOString(), after ?? ''), until)) {
    read += 1;
    if (pkg === undefined || line.package === pkg) found.push(line);
    if (found.length === limit || read === MOST_READ) return { lines: found, next: cursorOf(line) };
  }
  return { lines: found };
}

/** Every line whose sort key is beyond `start`, until then. */
async function* linesBetween(table: Pick<Table, 'query'>, start: string, until: Date): AsyncGenerator<AuditItem> {
  for (const day of daysBetween(start, until)) {
    for await (const line of linesOf(table, day, start.startsWith(day) ? start : day)) {
      if (line.at <= until.toISOString()) yield line;
    }
  }
}

const AT_ONCE = 200;

/** A day's lines, read in parts. */
async function* linesOf(table: Pick<Table, 'query'>, day: string, start: string): AsyncGenerator<AuditItem> {
  for (let after = start; ; ) {
    const lines = await table.query(ranges.audit(day), { after, limit: AT_ONCE });
    yield* lines;
    const last = lines.at(-1);
    if (last === undefined || lines.length < AT_ONCE) return;
    after = cursorOf(last);
  }
}

/** Of two sort keys; whoever sends a cursor may have made it up. */
const later = (one: string, other: string) => (one < other ? other : one);

const cursorOf = ({ at, requestId }: AuditItem): string => keys.audit(at, requestId).sk;

/** `2026-11-21` and so on, up to the day of `until`. */
function* daysBetween(start: string, until: Date): Generator<string> {
  for (let day = Date.parse(start.slice(0, 10)); day <= until.getTime(); day += DAY_MS) {
    yield new Date(day).toISOString().slice(0, 10);
  }
}
