/** A table that writes down who changed something, in the very transaction that changes it. */
import type { AuditItem } from '../items/audit.ts';
import type { Principal } from '../items/rollout.ts';
import { keys } from '../keys.ts';
import { changingBy, create, type Table, type Write } from '../table.ts';

/** One call, as its audit line tells of it. */
export interface AuditedCall {
  /** API Gateway's id of the call. */
  readonly requestId: string;
  readonly operation: string;
  /** Names in the path; '' where the route has none. */
  readonly package: string;
  readonly environment: string;
  readonly freeze?: string;
  readonly principal: Principal;
  /** Why, where the call says so. */
  readonly reason?: string | undefined;
  readonly sourceIp: string;
}

/** Longer than a year, so that a yearly look back finds its beginning. */
const KEPT_SECONDS = 400 * 86_400;

/**
 * `table`, whose first committed transaction of this call carries the call's audit line: a change without its line cannot be, and neither can a line
 * without a change. Transactions that only check are left alone.
 */
export function auditedTable(table: Table, call: AuditedCall, now: () => Date): Table {
  let told = false;
  return changingBy(table, async (writes) => {
    if (told) return table.transact(writes);
    const line = lineOf(call, writes, now());
    const answer = await table.transact([...writes, create(keys.audit(line.at, line.requestId), line)]);
    told = answer.committed;
    return answer;
  });
}

function lineOf(call: AuditedCall, writes: readonly Write[], now: Date): Omit<AuditItem, 'rev'> {
  const { requestId, operation, principal, sourceIp, reason } = call;
  const [rollout] = writes.flatMap((write) => (write.do === 'put' && write.item.type === 'rollout' ? write.item : []));
  // A retry begins with the rollout's parts, and only checks the rollout itself.
  const id = rollout?.id ?? writes.find(({ key }) => key.type === 'rollout')?.key.pk.slice('ROLLOUT#'.length);
  // A route that names no package may start a rollout of one.
  const pkg = call.package === '' ? rollout?.package : call.package;
  return {
    type: 'audit',
    v: 1,
    at: now.toISOString(),
    requestId,
    operation,
    ...(pkg !== undefined && { package: pkg }),
    ...(call.environment !== '' && { environment: call.environment }),
    ...(id !== undefined && { rollout: id }),
    ...(call.freeze !== undefined && call.freeze !== '' && { freeze: call.freeze }),
    ...valueIn(writes),
    principal,
    ...(reason !== undefined && { reason }),
    sourceIp,
    expiresAt: Math.floor(now.getTime() / 1000) + KEPT_SECONDS,
  };
}

/** Which of an environment's values was set or taken away. */
function valueIn(writes: readonly Write[]): Pick<AuditItem, 'value'> {
  for (const write of writes) {
    if (write.key.type !== 'environmentValue' || write.do === 'check') continue;
    const key = write.key.sk.slice('VALUE#'.length);
    const secret = write.do === 'put' && write.item.type === 'environmentValue' && write.item.secret !== undefined;
    return { value: { key, secret } };
  }
  return {};
}
