/** Starting where one rollout at a time is let in, whoever else starts at the same moment. */
import { expect, test } from 'vitest';
import { ranges } from '../../../domain/keys.ts';
import { CLUSTER, registered, SOURCE } from './support.ts';

const body = (ring: string) => ({ version: '1.0.0', targets: [{ target: { ring } }] });

test('of two that start at the same moment one goes and the other is told of it', async () => {
  const api = await registered();
  await api.call('PUT', '/packages/webui', {
    body: { namespace: 'webui', repositories: ['acme/shop'], queue: 'reject' },
  });
  const start = (options: object = {}) =>
    api.call('POST', '/packages/webui/rollouts', { body: body('prod'), ...options });
  const answers = await Promise.all([start(), start({ as: SOURCE })]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409]);
  const [went, refused] = answers.toSorted((a, b) => a.status - b.status);
  expect(refused?.body.type).toBe('https://fairlead.dev/problems/queue-occupied');
  expect(refused?.body.detail).toContain(
    `rollout ${went?.body.id} is open and may go to prod-eu, prod-us: it is not planned yet`,
  );
  expect(await api.table.query(ranges.open('webui'))).toHaveLength(1);
});

test('the same key is the same rollout, however occupied the place is by it', async () => {
  const api = await registered();
  await api.call('PUT', '/packages/webui', { body: { namespace: 'webui', queue: 'reject' } });
  const start = () =>
    api.call('POST', '/packages/webui/rollouts', { body: body('prod'), headers: { 'Idempotency-Key': 'k' } });
  const [one, two] = [await start(), await start()];
  expect([one.status, two.status]).toEqual([202, 202]);
  expect(two.body.id).toBe(one.body.id);
});

test('an environment’s mode goes before its package’s, and both are shown', async () => {
  const api = await registered();
  const shown = await api.call('PUT', '/environments/dev', {
    body: { cluster: CLUSTER, labels: { ring: 'dev' }, namespaceSuffix: 'dev', queue: 'reject' },
  });
  expect(shown.body.queue).toBe('reject');
  const start = (ring: string) => api.call('POST', '/packages/webui/rollouts', { body: body(ring) });
  expect([(await start('dev')).status, (await start('dev')).status, (await start('prod')).status]).toEqual([
    202, 409, 202,
  ]);
});

test('a mode that does not exist is refused by name', async () => {
  const api = await registered();
  const { status, body } = await api.call('PUT', '/packages/webui', { body: { namespace: 'webui', queue: 'newest' } });
  expect(status).toBe(422);
  expect(body.detail).toContain("'newest'");
});
