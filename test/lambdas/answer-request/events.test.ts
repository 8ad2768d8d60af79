import { describe, expect, it } from 'vitest';
import { append } from '../../../domain/events.ts';
import { keys } from '../../../domain/keys.ts';
import { replace } from '../../../domain/table.ts';
import { registered, type TestApi } from './support.ts';

const AT = '2026-11-21T10:00:00.000Z';

async function happens({ table }: TestApi, id: string, text: string) {
  const seen = await table.get(keys.events(id));
  if (seen === undefined) throw new Error('no history');
  await table.transact([...append(id, seen, [{ at: AT, kind: 'stage-started', text, by: 'fairlead' }])]);
}

async function started(overrides = {}) {
  const api = await registered(overrides);
  const { id } = (await api.call('POST', '/packages/webui/rollouts', { body: { version: '1.0.0' } })).body;
  const events = (query: Record<string, string[]> = {}) =>
    api.call('GET', `/packages/webui/rollouts/${id}/events`, { query });
  return { api, id, events };
}

describe('events', () => {
  it('come in order, from where the caller left off, with the newest number and the state', async () => {
    const { api, id, events } = await started();
    await happens(api, id, 'canary begins');
    await happens(api, id, 'everyone begins');
    const all = (await events()).body;
    expect(all.events.map(({ number, text }: { number: number; text: string }) => [number, text])).toEqual([
      [1, 'webui 1.0.0 accepted for 4 environments in 1 stage'],
      [2, 'canary begins'],
      [3, 'everyone begins'],
    ]);
    expect(all).toMatchObject({ last: 3, more: false, state: 'accepted' });
    expect((await events({ after: ['2'] })).body.events).toMatchObject([{ number: 3, by: 'fairlead' }]);
    expect((await events({ after: ['3'] })).body).toMatchObject({ events: [], last: 3 });
  });

  it('come 500 at a time, and say that there are more', async () => {
    const { api, id, events } = await started();
    for (let i = 0; i < 502; i++) await happens(api, id, `event ${i + 2}`);
    const first = (await events()).body;
    expect([first.events.length, first.last, first.more]).toEqual([500, 500, true]);
    const rest = (await events({ after: [String(first.last)] })).body;
    expect([rest.events.length, rest.last, rest.more]).toEqual([3, 503, false]);
  });

  it('are held until something new happens, and no longer', async () => {
    let pauses = 0;
    const news = async () => {
      if (++pauses === 3) await happens(api, id, 'at last');
    };
    const { api, id, events } = await started({ pause: news });
    expect((await events({ after: ['1'], wait: ['20'] })).body.events).toMatchObject([{ number: 2, text: 'at last' }]);
    expect(pauses).toBe(3);
  });

  it('are answered empty when the time is up', async () => {
    const { api, events } = await started();
    const before = api.deps.now().getTime();
    expect((await events({ after: ['1'], wait: ['20'] })).body.events).toEqual([]);
    expect(api.deps.now().getTime() - before).toBe(20_000);
  });

  it('are not waited for once the rollout is over', async () => {
    const never = async () => {
      throw new Error('waited');
    };
    const { api, id, events } = await started({ pause: never });
    const seen = await api.table.get(keys.rollout(id));
    if (seen !== undefined) await api.table.transact([replace(keys.rollout(id), seen, { state: 'failed' })]);
    expect((await events({ after: ['1'], wait: ['20'] })).body).toMatchObject({ events: [], state: 'failed' });
  });

  it('are answered at once when too many wait, and are waited for again when those have gone', async () => {
    const releases: (() => void)[] = [];
    let time = 0;
    const pause = () => new Promise<void>((resolve) => releases.push(resolve));
    const { events } = await started({ pause, now: () => new Date(time) });
    const held = [events({ after: ['1'], wait: ['5'] }), events({ after: ['1'], wait: ['5'] })];
    while (releases.length < 2) await new Promise(setImmediate);
    expect((await events({ after: ['1'], wait: ['5'] })).body.events).toEqual([]);
    time = 6000;
    for (const release of releases) release();
    await Promise.all(held);
    const again = events({ after: ['1'], wait: ['5'] });
    while (releases.length < 3) await new Promise(setImmediate);
    time = 12_000;
    releases[2]?.();
    expect((await again).status).toBe(200);
  });

  it.each([
    [{ wait: ['26'] }, '/wait'],
    [{ wait: ['soon'] }, '/wait'],
    [{ after: ['-1'] }, '/after'],
    [{ after: ['1', '2'] }, '/after'],
    [{ from: ['1'] }, '/from'],
  ])('asked for with %j are refused, naming %s', async (query, pointer) => {
    const { events } = await started();
    expect((await events(query)).body).toMatchObject({ status: 422, errors: [{ pointer }] });
  });
});
