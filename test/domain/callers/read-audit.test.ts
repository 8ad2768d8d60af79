import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memoryTable } from '../../../adapters/memory/memory-table.ts';
import { readAudit } from '../../../domain/callers/read-audit.ts';
import type { AuditItem } from '../../../domain/items/audit.ts';
import { keys } from '../../../domain/keys.ts';
import { create } from '../../../domain/table.ts';

const START = Date.parse('2026-11-20T00:00:00.000Z');
const HOUR = 3_600_000;

async function tableWith(lines: readonly { readonly hour: number; readonly package: string }[]) {
  const table = memoryTable();
  for (const [i, line] of lines.entries()) {
    const at = new Date(START + line.hour * HOUR).toISOString();
    const item: Omit<AuditItem, 'rev'> = {
      type: 'audit',
      v: 1,
      at,
      requestId: `r${String(i).padStart(4, '0')}`,
      operation: 'startRollout',
      package: line.package,
      principal: { role: 'fairlead-operator', session: 'ada', account: '123456789012' },
      sourceIp: '198.51.100.7',
      expiresAt: 1,
    };
    await table.transact([create(keys.audit(at, item.requestId), item)]);
  }
  return table;
}

test('whatever the pages, their lines are exactly those of the package between the two moments, oldest first', async () => {
  const line = fc.record({ hour: fc.integer({ min: 0, max: 96 }), package: fc.constantFrom('webui', 'worker') });
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 30 }),
      fc.integer({ min: 0, max: 96 }),
      fc.integer({ min: 1, max: 60 }),
      fc.option(fc.constantFrom('webui', 'worker'), { nil: undefined }),
      fc.integer({ min: 1, max: 7 }),
      async (lines, from, hours, pkg, limit) => {
        const table = await tableWith(lines);
        const question = {
          since: new Date(START + from * HOUR),
          until: new Date(START + (from + hours) * HOUR),
          limit,
          package: pkg,
        };
        const seen: AuditItem[] = [];
        for (let after: string | undefined, pages = 0; pages < 50; pages++) {
          const page = await readAudit(table, { ...question, after });
          expect(page.lines.length).toBeLessThanOrEqual(limit);
          seen.push(...page.lines);
          after = page.next;
          if (after === undefined) break;
        }
        const wanted = lines
          .map((given, i) => ({ ...given, id: `r${String(i).padStart(4, '0')}` }))
          .filter(
            (given) => given.hour >= from && given.hour <= from + hours && (pkg === undefined || given.package === pkg),
          )
          .toSorted((a, b) => a.hour - b.hour || a.id.localeCompare(b.id));
        expect(seen.map(({ requestId }) => requestId)).toEqual(wanted.map(({ id }) => id));
      },
    ),
  );
});

test('a page that has to read a thousand lines of others is short and says where to go on', async () => {
  const others = Array.from({ length: 1001 }, (_, i) => ({ hour: i / 1000, package: 'worker' }));
  const table = await tableWith([...others, { hour: 2, package: 'webui' }]);
  const question = { since: new Date(START), until: new Date(START + 3 * HOUR), limit: 10, package: 'webui' };
  const first = await readAudit(table, question);
  expect(first.lines).toEqual([]);
  const second = await readAudit(table, { ...question, after: first.next });
  expect(second.lines.map((line) => line.package)).toEqual(['webui']);
  expect(second.next).toBeUndefined();
});

test('a cursor from before the time asked about leads no further back', async () => {
  const table = await tableWith([
    { hour: 1, package: 'webui' },
    { hour: 30, package: 'webui' },
  ]);
  const asked: string[] = [];
  const watched: typeof table.query = (range, options) => {
    asked.push(range.pk);
    return table.query(range, options);
  };
  const question = { since: new Date(START + 24 * HOUR), until: new Date(START + 47 * HOUR), limit: 10 };
  const { lines } = await readAudit({ query: watched }, { ...question, after: '2026-11-01T00:00:00.000Z#r0000' });
  expect(lines.map(({ requestId }) => requestId)).toEqual(['r0001']);
  expect(new Set(asked)).toEqual(new Set(['AUDIT#2026-11-21']));
});
