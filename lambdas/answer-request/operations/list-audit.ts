import type { AuditLine } from '../../../contracts/api/audit.ts';
import { AuditQuery } from '../../../contracts/api/query.ts';
import { readAudit } from '../../../domain/callers/read-audit.ts';
import type { AuditItem } from '../../../domain/items/audit.ts';
import { type Answer, type Call, queryOf } from '../call.ts';
import type { Deps } from '../deps.ts';
import { Refused } from '../refused.ts';

const DAY_MS = 86_400_000;
/** Each day is read for itself: what takes longer than API Gateway waits is asked for in parts. */
const MOST_DAYS = 100;
const USUAL_LIMIT = 100;

/** GET /audit: who changed what, oldest first. */
export async function listAudit({ table, now }: Deps, call: Call): Promise<Answer> {
  const query = queryOf(call, AuditQuery);
  const until = query.until === undefined ? now() : new Date(query.until);
  const since = query.since === undefined ? new Date(until.getTime() - DAY_MS) : new Date(query.since);
  if (since >= until)
    throw new Refused('invalid', `since (${since.toISOString()}) has to be before until (${until.toISOString()})`);
  if (until.getTime() - since.getTime() > MOST_DAYS * DAY_MS) {
    throw new Refused('invalid', `since and until are more than ${MOST_DAYS} days apart: ask for a shorter time`);
  }
  const { package: pkg, after, limit = USUAL_LIMIT } = query;
  const { lines, next } = await readAudit(table, { since, until, package: pkg, after, limit: Math.max(1, limit) });
  return { status: 200, body: { lines: lines.map(viewOf), ...(next !== undefined && { next }) } };
}

function viewOf({ type: _type, v: _v, rev: _rev, expiresAt: _expires, principal, ...rest }: AuditItem): AuditLine {
  return { ...rest, by: principal };
}
