/** What the API takes in, DynamoDB takes too: nothing that passes the checks is refused by the store behind them. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dynamodbTable } from '../../../adapters/aws/dynamodb-table.ts';
import { ssmSourceSettings } from '../../../adapters/aws/ssm-source-settings.ts';
import { fullJitter } from '../../../adapters/full-jitter.ts';
import { keys } from '../../../domain/keys.ts';
import { localClient } from '../../../local/aws/local-clients.ts';
import type { MiniStack } from '../../../local/aws/ministack.ts';
import { createTable } from '../../support/create-table.ts';
import { testMiniStack } from '../../support/ministack.ts';
import { registered, SOURCE } from './support.ts';

let ministack: MiniStack;
let client: DynamoDBClient;
beforeAll(async () => {
  ministack = await testMiniStack();
  client = new DynamoDBClient(localClient(ministack.endpoint));
});
afterAll(() => ministack?.stop());

const patience = fullJitter({ tries: 30, baseMilliseconds: 5, capMilliseconds: 50 });

async function onDynamodb() {
  const table = dynamodbTable({ client, tableName: await createTable(client) });
  return { ...(await registered({ table, patience })), table };
}

const ROLLOUTS = '/packages/webui/rollouts';
const nested = (levels: number): unknown => (levels === 0 ? 'core' : { in: nested(levels - 1) });

it.each<[string, Record<string, unknown>]>([
  [
    'all kinds of JSON',
    { a: null, b: true, c: 1.5, d: '', e: [], f: {}, g: [1, 'x', { y: null }], 'dots.and/slashes': 1 },
  ],
  ['the deepest nesting', { deep: nested(23) }],
  ['the largest and the smallest number', { large: Number.MAX_SAFE_INTEGER, small: 1e-130, negative: -1e15 }],
  ['as much as a body may have', { blob: 'x'.repeat(200 * 1024 - 60) }],
  ['text of every kind', { 'schlüssel 🚢': 'wert 🚢 \u0000 end' }],
])('%s comes back from the table as it was sent', async (_what, values) => {
  const { call, table } = await onDynamodb();
  const answer = await call('POST', ROLLOUTS, { body: { version: '1.0.0', values } });
  expect(answer.status).toBe(202);
  expect((await table.get(keys.request(answer.body.id)))?.values).toEqual(values);
});

it('ten starts at once get ten places in line, and two of the same key one', async () => {
  const { call, table } = await onDynamodb();
  const start = (headers = {}) => call('POST', ROLLOUTS, { body: { version: '1.0.0' }, headers });
  const answers = await Promise.all(Array.from({ length: 10 }, () => start()));
  const rollouts = await Promise.all(answers.map(({ body }) => table.get(keys.rollout(body.id))));
  expect(rollouts.map((rollout) => rollout?.sequence).toSorted((a = 0, b = 0) => a - b)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ]);
  const same = await Promise.all([start({ 'Idempotency-Key': 'k' }), start({ 'Idempotency-Key': 'k' })]);
  expect(same[0].body).toEqual(same[1].body);
});

it('lists, pages and latest work on the index, events on the range', async () => {
  const { call } = await onDynamodb();
  for (const version of ['1.0.0', '1.0.1', '1.0.2']) await call('POST', ROLLOUTS, { body: { version } });
  const first = (await call('GET', ROLLOUTS, { query: { limit: ['2'] } })).body;
  expect(first.rollouts.map(({ version }: { version: string }) => version)).toEqual(['1.0.2', '1.0.1']);
  expect((await call('GET', ROLLOUTS, { query: { after: [first.next] } })).body.rollouts).toMatchObject([
    { version: '1.0.0' },
  ]);
  expect((await call('POST', `${ROLLOUTS}/latest/abort`, { body: { reason: 'enough' } })).status).toBe(202);
  const { events } = (await call('GET', `${ROLLOUTS}/latest/events`, { query: { after: ['1'] } })).body;
  expect(events).toMatchObject([{ number: 2, kind: 'abort-requested', text: 'abort asked for: enough' }]);
});

it('settings of sources come from Parameter Store, and what is not there is nobody’s', async () => {
  const ssm = new SSMClient(localClient(ministack.endpoint));
  const Value = JSON.stringify({ repository: 'acme/shop', packages: ['webui'] });
  await ssm.send(new PutParameterCommand({ Name: '/fairlead/sources/shop', Type: 'String', Value }));
  const sourceSettings = ssmSourceSettings({ client: ssm, prefix: '/fairlead/sources/', now: () => new Date() });
  expect(await sourceSettings('gone')).toBeUndefined();
  const { call } = await registered({ sourceSettings });
  expect((await call('POST', ROLLOUTS, { as: SOURCE, body: { version: '1.0.0' } })).status).toBe(202);
  expect((await call('GET', '/packages/worker', { as: SOURCE })).status).toBe(403);
});
