import { describe, expect, test } from 'vitest';
import type { Scope, State } from '../../local/asl/definition.ts';
import { load } from './scripted.ts';

/** Every state with its name, those inside Maps too. */
function statesOf({ States }: Scope): [string, State][] {
  return Object.entries(States).flatMap(([name, state]): [string, State][] => [
    [name, state],
    ...(state.Type === 'Map' ? statesOf(state.ItemProcessor) : []),
  ]);
}

/** The last word of a machine: what breaks there fails the execution, and EventBridge tells the same function. */
const LAST = ['Finish deployment', 'Record the trouble'];

describe.each(['rollout', 'deployment', 'plan'] as const)('the %s machine', (machine) => {
  const states = statesOf(load(machine));
  const tasks = states.filter(([, { Type }]) => Type === 'Task') as [string, Extract<State, { Type: 'Task' }>][];

  test('has names that a person would say, each once', () => {
    const names = states.map(([name]) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[A-Z][a-z ]+( \(\d+ seconds\))?\??$/);
  });

  test.each(tasks)(
    '%s has a time limit, retries with full jitter, and somewhere to go when they are used up',
    (name, task) => {
      expect(task.TimeoutSeconds).toBeGreaterThan(0);
      expect(task.Retry.length).toBeGreaterThan(0);
      for (const { JitterStrategy } of task.Retry) expect(JitterStrategy).toBe('FULL');
      const catchesAll = task.Catch.at(-1)?.ErrorEquals[0] === 'States.ALL';
      expect(catchesAll || LAST.includes(name) || name === 'Get parameters').toBe(true);
    },
  );

  test('hands nothing over with its success: MiniStack would drop it', () => {
    for (const [, state] of states) if (state.Type === 'Succeed') expect(state.Output).toBeUndefined();
  });

  test('never fails by its own word', () => {
    expect(states.filter(([, { Type }]) => Type === 'Fail')).toEqual([]);
  });
});
