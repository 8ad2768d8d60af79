/** Operators see everything that has not ended in one list, with what it waits on. */
import { describe, expect, it } from 'vitest';
import { keys } from '../../../domain/keys.ts';
import { replace } from '../../../domain/table.ts';
import { aWait } from '../../support/items.ts';
import { registered } from './support.ts';

const WAITS = { on: 'gate' as const, because: '0 of 1 approvals', who: 'an approver', stage: 'prod' };

async function withTwo() {
  const api = await registered();
  const start = async () =>
    (await api.call('POST', '/packages/webui/rollouts', { body: { version: '1.4.2' } })).body as { id: string };
  const [first, second] = [await start(), await start()];
  const rollout = await api.table.get(keys.rollout(first.id));
  if (rollout === undefined) throw new Error('it was not started');
  const { rev: _rev, ...wait } = aWait({ rolloutId: first.id, ...WAITS });
  await api.table.transact([
    replace(keys.rollout(first.id), rollout, { state: 'waiting' }),
    { do: 'put', key: keys.wait(first.id), item: { ...wait, rev: 1 }, expect: 'absent' },
  ]);
  return { api, first, second };
}

describe('the list of open rollouts', () => {
  it('has each with what it waits on, oldest first', async () => {
    const { api, first, second } = await withTwo();
    const { status, body } = await api.call('GET', '/rollouts');
    expect([status, body]).toMatchObject([
      200,
      {
        rollouts: [
          { id: first.id, state: 'waiting', waiting: WAITS },
          { id: second.id, state: 'accepted' },
        ],
      },
    ]);
  });

  it('comes in pages', async () => {
    const { api, first, second } = await withTwo();
    const page = (await api.call('GET', '/rollouts', { query: { limit: ['1'] } })).body as {
      rollouts: { id: string }[];
      next: string;
    };
    const next = (await api.call('GET', '/rollouts', { query: { limit: ['1'], after: [page.next] } })).body;
    expect([page.rollouts[0]?.id, next]).toMatchObject([first.id, { rollouts: [{ id: second.id }] }]);
  });

  it('does not have what has ended, even while that is not settled yet', async () => {
    const { api, first, second } = await withTwo();
    const rollout = await api.table.get(keys.rollout(first.id));
    if (rollout === undefined) throw new Error('it was not started');
    const ended = { state: 'errored' as const, finishedAt: '2026-11-21T10:00:00.000Z', unsettled: true as const };
    await api.table.transact([replace(keys.rollout(first.id), rollout, ended)]);
    expect((await api.call('GET', '/rollouts')).body).toMatchObject({ rollouts: [{ id: second.id }] });
  });
});
