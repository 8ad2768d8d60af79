/** Changed values over the API: what is pending, and bringing what was only announced. */
import { describe, expect, test } from 'vitest';
import type { ChangeItem } from '../../../domain/items/values.ts';
import { type Key, keys } from '../../../domain/keys.ts';
import {
  aDeployment,
  anEnvironment,
  aPackage,
  aRelease,
  aStage,
  OTHER_ROLLOUT,
  someInputs,
} from '../../support/items.ts';
import { OPERATOR, READER, SOURCE, testApi } from './support.ts';

const ANN = 'arn:aws:sts::123456789012:assumed-role/fairlead-operator/ann';
const LAYER = 'webui-service-helm-values';
const CHANGE: ChangeItem = {
  type: 'change',
  v: 1,
  rev: 1,
  package: 'webui',
  changed: [{ name: LAYER, version: 4, by: ANN, at: '2026-11-21T09:00:00.000Z' }],
  since: '2026-11-21T09:00:00.000Z',
  last: '2026-11-21T09:00:00.000Z',
  state: 'announced',
  planId: '01JD0Z5Q6X3N8V7T2K4M9R1BPN',
  because: 'a plan shows it',
};

/** Rolled out to dev and prod, with a change. */
async function worldOf(change: Partial<ChangeItem> | undefined = {}) {
  const api = testApi();
  const put = (
    key: Key,
    item: Parameters<typeof api.table.transact>[0][number] extends infer W
      ? W extends { item: infer I }
        ? I
        : never
      : never,
  ) => api.table.transact([{ do: 'put', key, item, expect: 'any' }]);
  const stages = ['dev', 'prod'].map((ring) => aStage({ name: ring, targets: [{ ring }] }));
  await put(keys.package('webui'), aPackage({ stages }));
  for (const name of ['dev', 'prod', 'lab']) {
    await put(keys.environment(name), anEnvironment({ name, labels: { ring: name } }));
    if (name === 'lab') continue;
    await put(keys.release(name, 'webui'), aRelease({ environment: name, attempted: OTHER_ROLLOUT }));
    const inputs = someInputs({ version: '1.0.0' });
    const deployment = aDeployment({ rolloutId: OTHER_ROLLOUT, environment: name, state: 'succeeded', inputs });
    await put(keys.deployment(OTHER_ROLLOUT, name), deployment);
  }
  if (change !== undefined) await put(keys.change('webui'), { ...CHANGE, ...change });
  return { ...api, put };
}

describe('what was changed', () => {
  test('is shown with who changed it and what became of it', async () => {
    const { call } = await worldOf();
    const { status, body } = await call('GET', '/values-changes', { as: READER });
    expect(status).toBe(200);
    expect(body.changes).toEqual([
      {
        package: 'webui',
        state: 'announced',
        changed: CHANGE.changed,
        since: CHANGE.since,
        last: CHANGE.last,
        plan: CHANGE.planId,
        because: 'a plan shows it',
      },
    ]);
  });
});

describe('rolling out what was changed', () => {
  test.each(['announced', 'gathering'] as const)(
    'brings what is %s to the environments that use it, in the package’s stages, as the operator',
    async (state) => {
      const { call, table } = await worldOf({ state });
      const { status, body } = await call('POST', '/packages/webui/values-rollouts', { as: OPERATOR, body: {} });
      expect(status).toBe(202);
      expect(body).toMatchObject({ package: 'webui', state: 'accepted', matched: ['dev', 'prod'] });
      expect(await table.get(keys.change('webui'))).toMatchObject({ state: 'started', rolloutId: body.id });
      const seen = await call('GET', `/packages/webui/rollouts/${body.id}`, { as: READER });
      expect(seen.body).toMatchObject({
        version: '1.0.0',
        startedBy: { role: 'fairlead-operator', session: 'ada' },
        valuesChange: { changed: CHANGE.changed, environments: ['dev', 'prod'] },
      });
    },
  );

  test('brings it to some of them, and the rest stays announced', async () => {
    const { call, table } = await worldOf();
    const targets = [{ target: { ring: 'dev' } }];
    const { body } = await call('POST', '/packages/webui/values-rollouts', { as: OPERATOR, body: { targets } });
    expect(body.matched).toEqual(['dev']);
    expect(await table.get(keys.change('webui'))).toMatchObject({ state: 'announced', rolloutId: body.id });
  });

  test.each<[string, Partial<ChangeItem> | null, object, number, string, RegExp]>([
    ['where nothing was changed', null, {}, 409, 'conflict', /no changed values of webui wait/],
    [
      'where a rollout has brought it',
      { state: 'started', because: 'rollout X brings it' },
      {},
      409,
      'conflict',
      /rollout X brings it/,
    ],
    [
      'to where nothing of it is used',
      {},
      { targets: [{ target: { ring: 'lab' } }] },
      422,
      'no-environment-matched',
      /no target reaches dev, prod/,
    ],
  ])('is refused %s', async (_, change, body, status, type, detail) => {
    const { call, table } = await worldOf(change ?? undefined);
    if (change === null) await table.transact([{ do: 'delete', key: keys.change('webui'), expect: 'any' }]);
    const before = await table.get(keys.change('webui'));
    const answer = await call('POST', '/packages/webui/values-rollouts', { as: OPERATOR, body });
    expect(answer).toMatchObject({
      status,
      body: { type: expect.stringContaining(type), detail: expect.stringMatching(detail) },
    });
    expect(await table.get(keys.change('webui'))).toEqual(before);
  });

  test('is refused while an open rollout goes there, which is named', async () => {
    const { call, put } = await worldOf();
    const item = {
      type: 'open',
      v: 1,
      rev: 1,
      rolloutId: OTHER_ROLLOUT,
      package: 'webui',
      sequence: 3,
      environments: ['prod'],
    } as const;
    await put(keys.open('webui', 3), item);
    const answer = await call('POST', '/packages/webui/values-rollouts', { as: OPERATOR, body: {} });
    expect(answer).toMatchObject({ status: 409, body: { detail: expect.stringContaining(OTHER_ROLLOUT) } });
  });

  test.each([READER, SOURCE])('is not for %s', async (as) => {
    const { call } = await worldOf();
    expect(await call('POST', '/packages/webui/values-rollouts', { as, body: {} })).toMatchObject({ status: 403 });
  });
});
