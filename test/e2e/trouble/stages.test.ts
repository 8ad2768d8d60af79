/** What stands between stages: a soak that is kept, and a budget of failures that is spent or not. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { EXIT } from '../../../contracts/outcome-table.ts';
import { mustRun } from '../../../local/demo/command-line.ts';
import { expectCalm } from '../../support/e2e-calm.ts';
import { CONFIG } from '../../support/e2e-charts.ts';
import { aStory, type Story } from '../../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../../support/e2e-world.ts';

let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(inject('stack'));
});
afterAll(async () => await world?.stop());

/** Does not render where the values say so: touches nothing, and counts as a failure. */
const FRAGILE = { 'fragile.yaml': '{{ if .Values.broken }}{{ fail "broken on purpose" }}{{ end }}' };

async function breaks(story: Story, short: string): Promise<void> {
  const file = await world.file(`${story.name}/broken.yaml`, { broken: true });
  await mustRun(world.operator, 'values', 'put', story.name, '--environment', `${story.name}-${short}`, '-f', file);
}

test.concurrent('a stage stands for its soak before the next begins, and says so meanwhile', async () => {
  const began = Date.now();
  const story = await aStory(world, 'soak', { environments: ['one', 'two'] });
  await story.push('1.0.0', CONFIG);
  const stages = await world.file(`${story.name}/stages.yaml`, [
    { name: 'first', targets: [{ story: story.name, env: 'one' }], soakMinutes: 0.05 },
    { name: 'then', targets: [{ story: story.name, env: 'two' }] },
  ]);
  const id = await story.start('1.0.0', '--stages', stages);
  const { waiting } = await story.until(id, (rollout) => rollout.waiting !== undefined);
  expect(waiting).toMatchObject({ on: 'soak', who: 'the clock' });
  const { state, deployments } = await story.over(id);
  expect(state).toBe('succeeded');
  const [first, second] = deployments;
  const stood = Date.parse(second?.startedAt ?? '') - Date.parse(first?.finishedAt ?? '');
  expect(stood).toBeGreaterThanOrEqual(3_000);
  expect(Date.parse(waiting?.until ?? '')).toBe(Date.parse(first?.finishedAt ?? '') + 3_000);
  await expectCalm(world, story, began);
});

test.concurrent('one failure within a budget of half of two does not stop the line', async () => {
  const began = Date.now();
  const story = await aStory(world, 'budget', { environments: ['one', 'two', 'three'] });
  await Promise.all([story.push('1.0.0', { ...CONFIG, ...FRAGILE }), breaks(story, 'one')]);
  const stages = await world.file(`${story.name}/stages.yaml`, [
    {
      name: 'first',
      targets: [
        { story: story.name, env: 'one' },
        { story: story.name, env: 'two' },
      ],
      failureBudget: '50%',
    },
    { name: 'then', targets: [{ story: story.name, env: 'three' }] },
  ]);
  const { code, ended } = await story.roll('1.0.0', '--stages', stages);
  expect(code).toBe(EXIT.success);
  expect(statesOf(story, ended.deployments)).toEqual({ one: 'blocked', two: 'succeeded', three: 'succeeded' });
  expect(ended.stages[0]).toMatchObject({ size: 2, failureBudget: 1 });
  expect(ended.outcome?.because).toContain(`1 failed within the budget (${story.name}-one)`);
  await expectCalm(world, story, began);
});

test.concurrent('a second failure spends it: what has not begun stays untouched, and the exit code blames the template', async () => {
  const began = Date.now();
  const story = await aStory(world, 'spent', { environments: ['one', 'two', 'three', 'four'] });
  await Promise.all([story.push('1.0.0', { ...CONFIG, ...FRAGILE }), breaks(story, 'one'), breaks(story, 'two')]);
  const stages = await world.file(`${story.name}/stages.yaml`, [
    {
      name: 'first',
      targets: ['one', 'two', 'three'].map((env) => ({ story: story.name, env })),
      failureBudget: 1,
      maxParallel: 1,
    },
    { name: 'then', targets: [{ story: story.name, env: 'four' }] },
  ]);
  const { code, ended } = await story.roll('1.0.0', '--stages', stages);
  expect(code).toBe(EXIT['values or template']);
  expect(ended).toMatchObject({ state: 'failed', outcome: { code: 'stage-failed' } });
  expect(ended.outcome?.because).toMatch(/^stage first has 2 failed, 1 allowed \(/);
  const { one, two, three, four } = statesOf(story, ended.deployments);
  expect([one, two, four]).toEqual(['blocked', 'blocked', 'pending']);
  // One at a time, in no order that is promised: it was before the second failure, or it was stopped by it.
  expect(three).toMatch(/^(skipped|succeeded)$/);
  expect(await story.history(`${story.name}-four`)).toEqual([]);
  await expectCalm(world, story, began);
});

function statesOf({ name }: Story, deployments: readonly { environment: string; state: string }[]) {
  return Object.fromEntries(
    deployments.map(({ environment, state }) => [environment.slice(name.length + 1), state]),
  ) as Readonly<Record<string, string>>;
}
