import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ParameterChange } from '../../../contracts/parameter-change.ts';
import { followParameters } from '../../../local/aws/follow-parameters.ts';
import { asAwsTells, parameterEvents } from '../../../local/aws/parameter-events.ts';

const standing = (record: Readonly<Record<string, string>>) => new Map(Object.entries(record));

test.each([
  ['nothing happened', { a: '1' }, { a: '1' }, []],
  ['one was made', {}, { a: '1' }, ['Create a']],
  ['one was changed', { a: '1' }, { a: '2' }, ['Update a']],
  ['one was deleted', { a: '1', b: '1' }, { b: '1' }, ['Delete a']],
  ['one was deleted and made anew between two looks', { a: '1 then' }, { a: '1 now' }, ['Update a']],
])('%s', (_, before, now, expected) => {
  const events = parameterEvents(standing(before), standing(now));
  expect(events.map(({ operation, name }) => `${operation} ${name}`)).toEqual(expected);
});

test('an event is told as AWS tells it', () => {
  const where = { at: new Date('2026-11-21T10:00:00.500Z'), region: 'us-east-1', account: '000000000000' };
  const event = asAwsTells({ operation: 'Update', name: 'webui-service-helm-values' }, where);
  expect(event).toMatchObject({
    source: 'aws.ssm',
    'detail-type': 'Parameter Store Change',
    time: '2026-11-21T10:00:00Z',
    resources: ['arn:aws:ssm:us-east-1:000000000000:parameter/webui-service-helm-values'],
  });
  expect(ParameterChange.parse(event)).toEqual({
    name: 'webui-service-helm-values',
    operation: 'Update',
    at: '2026-11-21T10:00:00.000Z',
  });
});

test('what stood there before is not told; what could not be told is told the next time', async () => {
  let now = standing({ old: '1' });
  let broken = true;
  const told: unknown[] = [];
  const follower = await followParameters({
    endpoint: 'http://127.0.0.1:9',
    everyMs: 1,
    world: {
      look: async () => now,
      tell: async (event) => {
        if (broken) {
          broken = false;
          throw new Error('away');
        }
        told.push(ParameterChange.parse(event).name);
      },
      close: () => undefined,
    },
  });
  now = standing({ old: '1', fresh: '1' });
  while (told.length === 0) await sleep(1);
  await follower.stop();
  expect(told).toEqual(['fresh']);
});
