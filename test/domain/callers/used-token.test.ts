import { describe, expect, it } from 'vitest';
import { memoryTable } from '../../../adapters/memory/memory-table.ts';
import { TokenReused, type TokenUse, tokenTable, useToken } from '../../../domain/callers/used-token.ts';
import { keys } from '../../../domain/keys.ts';
import { create, unchanged } from '../../../domain/table.ts';

const use = (more: Partial<TokenUse> = {}): TokenUse => ({
  jti: 'token-1',
  usedFor: 'this call',
  expiresAt: new Date('2026-11-21T10:05:00.500Z'),
  ...more,
});
const counter = (pkg: string) => create(keys.counter(pkg), { type: 'counter', v: 1, last: 1 });

describe('a token', () => {
  it('is remembered a day longer than it lives', () => {
    const answer = useToken(undefined, use());
    expect(answer).toMatchObject({
      answer: 'first',
      writes: [{ expect: 'absent', item: { jti: 'token-1', expiresAt: Date.parse('2026-11-22T10:05:01Z') / 1000 } }],
    });
  });

  it('serves its own call again, and no other', () => {
    const seen = { type: 'token', v: 1, rev: 1, jti: 'token-1', usedFor: 'this call', expiresAt: 1 } as const;
    expect(useToken(seen, use()).answer).toBe('repeat');
    expect(useToken(seen, use({ usedFor: 'that call' })).answer).toBe('reused');
  });
});

describe('a table with a token', () => {
  it('uses the token up along with the first change, and lets the same call change more', async () => {
    const table = memoryTable();
    const ours = tokenTable(table, use());
    expect(await ours.transact([counter('a')])).toEqual({ committed: true });
    expect(await ours.transact([counter('b')])).toEqual({ committed: true });
    expect(await table.get(keys.token('token-1'))).toMatchObject({ usedFor: 'this call' });
  });

  it('changes nothing for another call', async () => {
    const table = memoryTable();
    await tokenTable(table, use()).transact([counter('a')]);
    await expect(tokenTable(table, use({ usedFor: 'other' })).transact([counter('b')])).rejects.toThrow(TokenReused);
    expect(await table.get(keys.counter('b'))).toBeUndefined();
  });

  it('leaves the token alone when nothing changes', async () => {
    const table = memoryTable();
    await tokenTable(table, use()).transact([unchanged(keys.counter('a'), undefined)]);
    expect(await table.get(keys.token('token-1'))).toBeUndefined();
  });

  it('leaves the token alone when the change does not go through', async () => {
    const table = memoryTable();
    await table.transact([counter('a')]);
    expect(await tokenTable(table, use()).transact([counter('a')])).toMatchObject({ committed: false });
    expect(await table.get(keys.token('token-1'))).toBeUndefined();
  });

  it('lets one of two different calls through that come at once', async () => {
    const table = memoryTable();
    // Both have read before either writes.
    const read = Promise.withResolvers<void>();
    let readers = 0;
    const slow = {
      ...table,
      get: async (key: Parameters<typeof table.get>[0]) => {
        const found = await table.get(key);
        if (++readers === 2) read.resolve();
        await read.promise;
        return found;
      },
    } as typeof table;
    const calls = ['this', 'that'].map((usedFor) => tokenTable(slow, use({ usedFor })).transact([counter(usedFor)]));
    const answers = await Promise.all(calls);
    expect(answers.filter(({ committed }) => committed)).toHaveLength(1);
  });
});
