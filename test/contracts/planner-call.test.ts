import { expect, test } from 'vitest';
import { nameOfPlan, planOf } from '../../contracts/ended-execution.ts';
import { plannerStory } from '../../contracts/planner-call.ts';
import { OTHER_ROLLOUT, PLAN, ROLLOUT } from '../support/items.ts';

const plan = { v: 1, planId: PLAN, package: 'webui' } as const;
const view = { view: { id: PLAN, package: 'webui', environment: 'dev' } };
const ended = {
  'detail-type': 'Step Functions Execution Status Change',
  detail: { executionArn: 'a', stateMachineArn: 'm', name: `${PLAN}-webui`, status: 'ABORTED' },
};

test.each([
  [{ v: 1, rolloutId: ROLLOUT, run: 1 }, 'plan-rollout'],
  [plan, 'freeze-plan'],
  [{ ...plan, finish: true, trouble: [{}, { environments: ['dev'], error: 'X' }] }, 'finish-plan'],
  [{ ...plan, finish: true, errored: { error: 'E', cause: 'c' } }, 'finish-plan'],
  [ended, 'finish-plan'],
  [{ v: 1, ...view }, 'view'],
  [{}, 'plan-rollout'],
])('%j is for %s', (event, story) => {
  expect(plannerStory(event)).toBe(story);
});

test('a plan is found by its execution’s input, or by its name where that is left out', () => {
  expect(planOf({ name: nameOfPlan(plan), input: undefined })).toEqual(plan);
  expect(planOf({ name: 'by-hand', input: JSON.stringify(plan) })).toEqual(plan);
  expect(planOf({ name: nameOfPlan({ planId: OTHER_ROLLOUT, package: 'a-b-c' }) })).toMatchObject({ package: 'a-b-c' });
  expect(planOf({ name: 'by-hand' })).toBeUndefined();
});
