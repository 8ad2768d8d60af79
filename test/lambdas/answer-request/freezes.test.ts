import { beforeEach, describe, expect, test } from 'vitest';
import { keys, ranges } from '../../../domain/keys.ts';
import { ACCOUNT, OPERATOR, READER, registered, SOURCE, type TestApi } from './support.ts';

const EMERGENCY = `arn:aws:sts::${ACCOUNT}:assumed-role/fairlead-break-glass/bob`;
const WHY = { 'fairlead-break-glass': 'everything is down' };
const LIFTED = { window: { is: 'until-lifted' }, reason: 'the big day' };
const WEEKEND = {
  window: {
    is: 'recurring',
    rule: 'FREQ=WEEKLY;BYDAY=FR',
    start: '2026-11-20T16:00',
    timeZone: 'Europe/Oslo',
    duration: 'P2DT16H',
  },
  target: { ring: 'prod' },
  reason: 'nobody is there',
};

let api: TestApi;
beforeEach(async () => {
  api = await registered();
});
const put = (name: string, body: object, more: object = {}) => api.call('PUT', `/freezes/${name}`, { body, ...more });
const start = (body: object = {}, more: object = {}) =>
  api.call('POST', '/packages/webui/rollouts', {
    body: { version: '1.4.2', targets: [{ target: {} }], ...body },
    ...more,
  });

describe('a freeze', () => {
  test('is put, shown with what it does now and next, changed and lifted', async () => {
    const made = await put('weekend', WEEKEND);
    expect(made).toMatchObject({
      status: 201,
      body: {
        name: 'weekend',
        active: true,
        until: '2026-11-23T07:00:00.000Z',
        next: '2026-11-27T15:00:00.000Z',
        overridableBy: ['fairlead-break-glass', 'fairlead-operator'],
        by: 'fairlead-operator/ada',
        revision: 1,
      },
    });
    expect((await api.call('GET', '/freezes/weekend', { as: READER })).body).toEqual(made.body);
    const changed = await put('weekend', { ...WEEKEND, reason: 'still nobody' }, { headers: { 'If-Match': '"1"' } });
    expect(changed).toMatchObject({ status: 200, body: { reason: 'still nobody', revision: 2 } });
    expect((await api.call('GET', '/freezes')).body.freezes).toEqual([changed.body]);
    expect((await api.call('DELETE', '/freezes/weekend')).status).toBe(204);
    expect((await api.call('GET', '/freezes/weekend')).status).toBe(404);
    expect((await api.call('DELETE', '/freezes/weekend')).status).toBe(404);
  });

  test('that is put as it stands stays what it was, with who put it when', async () => {
    await put('launch', LIFTED);
    api.advance(60_000);
    const again = await put('launch', LIFTED, { as: EMERGENCY, headers: WHY });
    // The emergency's reason is part of what is kept, so that is a change; the same words of the same people are none.
    expect(again.body.revision).toBe(2);
    expect((await put('launch', { ...LIFTED, reason: again.body.reason })).body).toEqual(again.body);
  });

  test('is not changed by who read another revision', async () => {
    await put('launch', LIFTED);
    expect((await put('launch', WEEKEND, { headers: { 'If-Match': '7' } })).status).toBe(412);
    expect((await put('new', LIFTED, { headers: { 'If-Match': '1' } })).status).toBe(412);
    expect((await api.call('DELETE', '/freezes/launch', { headers: { 'If-Match': '7' } })).status).toBe(412);
  });

  test.each([
    [
      'an unknown zone',
      { window: { ...WEEKEND.window, timeZone: 'Mars/Olympus' } },
      '/window/timeZone',
      /Mars\/Olympus/,
    ],
    [
      'a rule that never occurs',
      { window: { ...WEEKEND.window, rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' } },
      '/window/rule',
      /never occurs/,
    ],
    ['a rule with COUNT 0', { window: { ...WEEKEND.window, rule: 'FREQ=DAILY;COUNT=0' } }, '/window/rule', /COUNT/],
    [
      'a rule with DTSTART',
      { window: { ...WEEKEND.window, rule: 'DTSTART=20261120T160000' } },
      '/window/rule',
      /DTSTART/,
    ],
    ['a rule of seconds', { window: { ...WEEKEND.window, rule: 'FREQ=SECONDLY' } }, '/window/rule', /SECONDLY/],
    [
      'a window that never opens',
      { window: { ...WEEKEND.window, rule: 'FREQ=DAILY', duration: 'P1D' } },
      '/window/duration',
      /joins more than 100 occurrences/,
    ],
    ['no length', { window: { ...WEEKEND.window, duration: 'P0D' } }, '/window/duration', /takes no time/],
    ['a start in UTC', { window: { ...WEEKEND.window, start: '2026-11-20T16:00:00Z' } }, '/window/start', /local time/],
    [
      'an end before its begin',
      { window: { is: 'once', from: '2026-12-02T00:00:00Z', to: '2026-12-01T00:00:00Z' } },
      '/window/to',
      /not after/,
    ],
    [
      'an end with its begin',
      { window: { is: 'once', from: '2026-12-02T00:00:00Z', to: '2026-12-02T00:00:00Z' } },
      '/window/to',
      /not after/,
    ],
    [
      'a window of the past',
      { window: { is: 'once', from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' } },
      '/window/to',
      /has passed/,
    ],
    [
      'more than a year',
      { window: { is: 'once', from: '2026-11-01T00:00:00Z', to: '2027-11-07T00:00:00Z' } },
      '/window/to',
      /370 days/,
    ],
    [
      'a local time once',
      { window: { is: 'once', from: '2026-12-01T00:00', to: '2026-12-02T00:00:00Z' } },
      '/window/from',
      /UTC/,
    ],
    ['half a window', { window: { is: 'recurring', rule: 'FREQ=DAILY' } }, '/window/start', /missing/],
    ['no window', { window: undefined }, '/window', /missing/],
    ['a target of no form', { target: ['prod'] }, '/target', /object/],
    ['a label that is no name', { target: { ring: 'Prod!' } }, '/target/ring', /not a name/],
    ['no package', { packages: [] }, '/packages', /./],
    ['no reason', { reason: '  ' }, '/reason', /./],
    [
      'a role that never overrides',
      { overridableBy: ['fairlead-source-webui'] },
      '/overridableBy/0',
      /fairlead-operator/,
    ],
    ['an unknown field', { until: 'tomorrow' }, '/until', /not a known field/],
  ])('with %s is refused, and the field is named', async (_what, wrong, pointer, words) => {
    const { status, body } = await put('weekend', { ...WEEKEND, ...wrong });
    expect(status).toBe(422);
    expect(body.errors).toContainEqual({ pointer, detail: expect.stringMatching(words) });
    expect(await api.table.query(ranges.freezes())).toEqual([]);
  });

  test('of more than two hundred is refused: every decision looks at all', async () => {
    for (let i = 0; i < 200; i++) await put(`f${i}`, LIFTED);
    expect((await put('one-more', LIFTED)).status).toBe(409);
    expect((await put('f7', { ...LIFTED, reason: 'another' })).status).toBe(200);
  });
});

describe('stop', () => {
  test('stops everything and lets only the emergency pass', async () => {
    expect((await put('stop', LIFTED)).body).toMatchObject({ target: {}, overridableBy: ['fairlead-break-glass'] });
  });

  test.each([
    ['/window', { window: WEEKEND.window }],
    ['/target', { target: { ring: 'prod' } }],
    ['/packages', { packages: ['webui'] }],
    ['/overridableBy', { overridableBy: ['fairlead-operator'] }],
  ])('is never less than that: %s', async (pointer, less) => {
    const { status, body } = await put('stop', { ...LIFTED, ...less });
    expect(status).toBe(422);
    expect(body.errors).toEqual([{ pointer, detail: expect.stringContaining('stops everything') }]);
  });
});

describe('a start', () => {
  test('says which environments are frozen now, until when, by whom and why', async () => {
    await put('weekend', WEEKEND);
    await put('worker-only', { ...LIFTED, packages: ['worker'] });
    await put('later', { ...LIFTED, window: { is: 'once', from: '2026-12-01T00:00:00Z', to: '2026-12-02T00:00:00Z' } });
    const { status, body } = await start({}, { as: SOURCE });
    expect(status).toBe(202);
    expect(body.frozen).toEqual([
      {
        freeze: 'weekend',
        reason: 'nobody is there',
        by: 'fairlead-operator/ada',
        until: '2026-11-23T07:00:00.000Z',
        environments: ['prod-eu', 'prod-us'],
      },
    ]);
  });

  test('says nothing of freezes where none is in the way', async () => {
    await put('weekend', WEEKEND);
    expect((await start({ targets: [{ target: { ring: 'dev' } }] })).body.frozen).toBeUndefined();
  });

  test('of an operator passes freezes that let operators pass, and every view says so', async () => {
    await put('weekend', WEEKEND);
    const { body } = await start({ overrideFreeze: 'a fix for the outage' });
    expect(body.frozen).toBeUndefined();
    const override = {
      role: 'fairlead-operator',
      by: 'fairlead-operator/ada',
      reason: 'a fix for the outage',
      at: '2026-11-21T10:00:00.000Z',
    };
    expect((await api.table.get(keys.rollout(body.id)))?.override).toEqual(override);
    expect((await api.call('GET', `/packages/webui/rollouts/${body.id}`)).body.override).toEqual(override);
    expect((await api.call('GET', '/packages/webui/rollouts')).body.rollouts[0].override).toEqual(override);
    const events = (await api.call('GET', `/packages/webui/rollouts/${body.id}/events`)).body.events;
    expect(events.map(({ kind }: { kind: string }) => kind)).toEqual(['rollout-accepted', 'freeze-overridden']);
    expect(events[1]).toMatchObject({ number: 2, text: expect.stringContaining('a fix for the outage') });
  });

  test('of an operator does not pass what lets only the emergency pass, and nothing is started', async () => {
    await put('stop', LIFTED);
    const { status, body } = await start({ overrideFreeze: 'it is only a small one' });
    expect(status).toBe(403);
    expect(body.detail).toMatch(
      /freeze stop \(the big day\).*fairlead-operator.*only fairlead-break-glass.*fairlead resume/,
    );
    expect(await api.table.query(ranges.open('webui'))).toEqual([]);
    const emergency = await start({ overrideFreeze: 'a fix' }, { as: EMERGENCY, headers: WHY });
    expect(emergency.status).toBe(202);
    expect((await api.table.get(keys.rollout(emergency.body.id)))?.override?.reason).toContain('BREAK-GLASS');
  });

  test('of a source overrides nothing', async () => {
    const { status, body } = await start({ overrideFreeze: 'please' }, { as: SOURCE });
    expect(status).toBe(403);
    expect(body.detail).toContain('operators');
  });

  test.each([[''], ['   '], ['x'.repeat(1001)], [7]])('with %j as its reason is refused', async (overrideFreeze) => {
    expect((await start({ overrideFreeze }, { as: OPERATOR })).status).toBe(422);
  });
});
