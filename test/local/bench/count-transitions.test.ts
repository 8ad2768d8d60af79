import { readFile } from 'node:fs/promises';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { ITEMS_OF, transitionsIn } from '../../../local/bench/count-transitions.ts';

const event = (type: HistoryEvent['type'], name = '', input: unknown = {}): HistoryEvent => ({
  type,
  id: 1,
  timestamp: new Date(0),
  stateEnteredEventDetails: { name, input: JSON.stringify(input) },
});

test.each<[string, HistoryEvent[], number]>([
  ['nothing costs nothing', [event('ExecutionStarted'), event('ExecutionSucceeded')], 0],
  [
    'each state entered costs one, of whatever type',
    [event('TaskStateEntered'), event('TaskScheduled'), event('ChoiceStateEntered'), event('SucceedStateEntered')],
    3,
  ],
  [
    'each retry costs one more',
    [event('TaskStateEntered'), event('TaskScheduled'), event('TaskScheduled'), event('TaskScheduled')],
    3,
  ],
  ['each item of a Map costs one more', [event('MapStateEntered', 'Deploy', { deployments: [1, 2, 3] })], 4],
  ['a Map without items costs one', [event('MapStateEntered', 'Pull values', { batches: [] })], 1],
])('%s', (_, history, transitions) => {
  expect(transitionsIn(history)).toBe(transitions);
});

test('a Map whose items are not known is no figure', () => {
  expect(() => transitionsIn([event('MapStateEntered', 'Another', { batches: [] })])).toThrow("the Map 'Another'");
});

const Machine = z.object({
  States: z.record(z.string(), z.looseObject({ Type: z.string(), Items: z.string().optional() })),
});
test.each(['rollout', 'deployment'])(
  'the Maps of the %s machine go through the lists that are counted',
  async (name) => {
    const file = new URL(`../../../statemachines/${name}.asl.json`, import.meta.url);
    const { States } = Machine.parse(JSON.parse(await readFile(file, 'utf8')));
    const maps = Object.entries(States).filter(([, { Type }]) => Type === 'Map');
    expect(maps).not.toHaveLength(0);
    for (const [map, { Items }] of maps) expect(Items).toBe(`{% $states.input.${ITEMS_OF[map]} %}`);
  },
);
