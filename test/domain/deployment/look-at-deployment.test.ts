import { expect, test } from 'vitest';
import { memoryTable } from '../../../adapters/memory/memory-table.ts';
import { lookAtDeployment, lookingAt } from '../../../domain/deployment/look-at-deployment.ts';
import { type Key, keys } from '../../../domain/keys.ts';
import { leaseKey } from '../../../domain/registry/place.ts';
import { replace, type Table } from '../../../domain/table.ts';
import { aSight, tableOf } from '../../support/deployment-table.ts';
import { aHold, aLease, aQuarantine, aRelease, aWait, ROLLOUT, someEvents } from '../../support/items.ts';

const EVENTS = keys.events(ROLLOUT);
const everything = () =>
  aSight({ wait: aWait(), hold: aHold(), release: aRelease(), quarantine: aQuarantine(), lease: aLease() });

/** The same table, with a list of the types that were asked for. */
function counted(table: Table) {
  const asked: string[] = [];
  const get = (key: Key) => {
    asked.push(key.type);
    return table.get(key);
  };
  return { asked, table: { get } as Pick<Table, 'get'> };
}

test('everything that Begin and Finish judge by is seen', async () => {
  expect(await lookAtDeployment(await tableOf(everything()), ROLLOUT, 'dev')).toEqual(everything());
});

test('a deployment that does not exist is not seen', async () => {
  expect(await lookAtDeployment(memoryTable(), ROLLOUT, 'dev')).toBeUndefined();
});

test('when siblings wrote the history, only the history is read again', async () => {
  const whole = await tableOf(everything());
  const { asked, table } = counted(whole);
  const look = lookingAt(table, ROLLOUT, 'dev');
  await look([]);
  await whole.transact([replace(EVENTS, someEvents(), { last: 4 })]);
  asked.length = 0;
  expect(await look([{ key: EVENTS }, { key: keys.event(ROLLOUT, 4) }])).toEqual({
    ...everything(),
    events: someEvents({ rev: 2, last: 4 }),
  });
  expect(asked).toEqual(['events']);
});

test.each<[string, Key]>([
  ['the deployment', keys.deployment(ROLLOUT, 'dev')],
  ['the rollout', keys.rollout(ROLLOUT)],
  ['the lease', leaseKey(aSight().deployment.place)],
])('when %s has changed as well, all is read again', async (_, key) => {
  const { asked, table } = counted(await tableOf(everything()));
  const look = lookingAt(table, ROLLOUT, 'dev');
  await look([]);
  asked.length = 0;
  await look([{ key: EVENTS }, { key }]);
  expect(asked).toHaveLength(8);
});
