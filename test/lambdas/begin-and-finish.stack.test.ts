import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dynamodbTable } from '../../adapters/aws/dynamodb-table.ts';
import { FOR_CONTENTION, fullJitter } from '../../adapters/full-jitter.ts';
import { keys, ranges } from '../../domain/keys.ts';
import { catchUp } from '../../domain/rollout/number-news.ts';
import { create, type Table } from '../../domain/table.ts';
import { beginTry } from '../../lambdas/begin-deployment/handler.ts';
import { finishTry } from '../../lambdas/finish-deployment/handler.ts';
import { localClient } from '../../local/aws/local-clients.ts';
import type { MiniStack } from '../../local/aws/ministack.ts';
import { CALENDAR } from '../support/calendar.ts';
import { createTable } from '../support/create-table.ts';
import { DEPLOYERS } from '../support/deployment-table.ts';
import { aDeployment, aRollout, NOW, ROLLOUT, someEvents } from '../support/items.ts';
import { keptLog } from '../support/kept-log.ts';
import { testMiniStack } from '../support/ministack.ts';

let ministack: MiniStack;
let table: Table;
beforeAll(async () => {
  ministack = await testMiniStack();
  const client = new DynamoDBClient(localClient(ministack.endpoint));
  table = dynamodbTable({ client, tableName: await createTable(client) });
});
afterAll(() => ministack?.stop());

test('forty siblings begin at once and finish at once in DynamoDB, and none gives up', async () => {
  const names = Array.from({ length: 40 }, (_, i) => `e${i}`);
  await table.transact([
    create(keys.rollout(ROLLOUT), aRollout()),
    create(keys.events(ROLLOUT), someEvents({ last: 0 })),
    ...names.map((environment) => {
      const place = { ...aDeployment().place, namespace: `web-${environment}` };
      return create(keys.deployment(ROLLOUT, environment), aDeployment({ environment, place }));
    }),
  ]);
  const deps = {
    table,
    deployers: DEPLOYERS,
    patience: fullJitter(FOR_CONTENTION),
    now: () => NOW,
    calendar: CALENDAR,
    log: keptLog(),
  };
  const [begin, finish] = [beginTry(deps), finishTry(deps)];
  const result = { is: 'ready', revision: 1, because: 'ready' };
  const answers = await Promise.all(
    names.map(async (environment) => {
      const which = { v: 1, rolloutId: ROLLOUT, environment, attempt: 1 };
      await begin(which);
      return finish({ ...which, result });
    }),
  );
  expect(answers.every(({ outcome }) => outcome === 'finished')).toBe(true);
  await Promise.all([1, 2, 3].map(() => catchUp(table, deps.patience, ROLLOUT)));
  const told = await table.query(ranges.events(ROLLOUT));
  expect(told.map(({ number }) => number)).toEqual(Array.from({ length: 80 }, (_, i) => i + 1));
});
