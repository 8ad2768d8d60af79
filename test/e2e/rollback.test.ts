/** Going back so that it holds: with the values of then, against rollouts that would undo it, until somebody lifts it. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { RolloutView } from '../../contracts/api/rollout.ts';
import { EXIT } from '../../contracts/outcome-table.ts';
import { mustRun } from '../../local/demo/command-line.ts';
import { expectCalm } from '../support/e2e-calm.ts';
import { CONFIG } from '../support/e2e-charts.ts';
import { endWarmSandboxes } from '../support/e2e-processes.ts';
import { aStory, type Story } from '../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';

let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(inject('stack'));
});
afterAll(async () => await world?.stop());

async function putColour(story: Story, colour: string): Promise<void> {
  const layer = await world.file(`${story.name}/${colour}.yaml`, { colour });
  await mustRun(world.operator, 'values', 'put', story.name, '-f', layer);
}

async function rollBack(story: Story, ...flags: readonly string[]) {
  const target = ['--target', `story=${story.name}`];
  const { code, out, err } = await world.operator(['rollback', story.name, ...target, '--json', ...flags]);
  if (out === '') throw new Error(`rollback of ${story.name} ended ${code}: ${err}`);
  return { code, ended: RolloutView.parse(JSON.parse(out)), err };
}

async function dataOf(story: Story): Promise<unknown> {
  const namespace = story.namespace(story.environments[0] ?? '');
  return JSON.parse(await world.kubectl('get', 'configmap', story.name, '-n', namespace, '-o', 'jsonpath={.data}'));
}

/** 1.0.0 and then 2.0.0 were good, each with values of its own. */
async function twice(about: string): Promise<{ story: Story; digest: string }> {
  const story = await aStory(world, about, { environments: ['one'] });
  const digest = await story.push('1.0.0', CONFIG);
  await story.push('2.0.0', CONFIG);
  for (const [version, colour] of [
    ['1.0.0', 'first'],
    ['2.0.0', 'second'],
  ] as const) {
    await putColour(story, colour);
    expect(await story.roll(version)).toMatchObject({ code: EXIT.success, ended: { state: 'succeeded' } });
    expect(await dataOf(story)).toEqual({ colour, version });
  }
  return { story, digest };
}

test.concurrent('a rollback brings the values of then, holds against the same inputs, and ends with lift', async () => {
  const began = Date.now();
  const { story } = await twice('back');
  const [environment = ''] = story.environments;

  const back = await rollBack(story, '--last-good', '--reason', 'checkout fails');
  expect(back).toMatchObject({
    code: EXIT.success,
    ended: { state: 'succeeded', version: '1.0.0', rollback: { to: 'last-good', reason: 'checkout fails' } },
  });
  expect(back.err).toContain(`rolls ${story.name} back to the last good inputs`);
  expect(await dataOf(story)).toEqual({ colour: 'first', version: '1.0.0' });

  const undone = await story.roll('2.0.0');
  expect(undone.code).toBe(EXIT.failure);
  expect(undone.ended.deployments).toMatchObject([{ state: 'blocked', outcome: { code: 'quarantined' } }]);
  const words = undone.ended.deployments[0]?.outcome?.because;
  expect(words).toMatch(/2\.0\.0 was rolled back by fairlead-operator\/\S+: checkout fails/);
  expect(words).toContain(`fairlead lift ${story.name} ${environment}`);
  expect(await dataOf(story)).toEqual({ colour: 'first', version: '1.0.0' });

  const other = await world.file(`${story.name}/other.yaml`, { colour: 'third' });
  expect(await story.roll('2.0.0', '--values', other)).toMatchObject({ code: EXIT.success });
  expect(await dataOf(story)).toEqual({ colour: 'third', version: '2.0.0' });

  const seen = await world.operator(['status']);
  expect(seen.out).toContain(`${story.name} 2.0.0 quarantined in ${environment}: 2.0.0 was rolled back by`);
  const lifted = await mustRun(world.operator, 'lift', story.name, environment, '--reason', 'it was the database');
  expect(lifted).toContain(
    `lifted in ${environment}: quarantine of ${story.name} 2.0.0 since rollout ${back.ended.id}`,
  );
  expect(await story.roll('2.0.0')).toMatchObject({ code: EXIT.success });
  expect(await dataOf(story)).toEqual({ colour: 'second', version: '2.0.0' });
  expect(await mustRun(world.operator, 'events', story.name, back.ended.id)).toContain('it was the database');
  await expectCalm(world, story, began);
});

test.concurrent('what is held is passed over with the reason, and moves again when it is lifted', async () => {
  const story = await aStory(world, 'held', { environments: ['one', 'two'] });
  await story.push('1.0.0', CONFIG, { colour: 'blue' });
  const [one = '', two = ''] = story.environments;
  const reason = ['--reason', 'load test until Friday'];
  expect(await mustRun(world.operator, 'hold', story.name, one, ...reason)).toContain('load test until Friday');
  await mustRun(
    world.operator,
    'disable',
    story.name,
    '--target',
    `story=${story.name},env=two`,
    '--reason',
    'not here',
  );

  const passed = await story.roll('1.0.0');
  expect(passed.code).toBe(EXIT.success);
  expect(passed.ended.warning).toContain('every deployment was skipped');
  expect(passed.ended.deployments).toMatchObject([
    { environment: one, state: 'skipped', outcome: { code: 'held', because: expect.stringContaining('load test') } },
    { environment: two, state: 'skipped', outcome: { code: 'disabled' } },
  ]);

  const target = ['--target', `story=${story.name}`];
  expect((await mustRun(world.operator, 'lift', story.name, ...target)).split('\n')).toEqual([
    expect.stringMatching(new RegExp(`^lifted in ${one}: hold by \\S+: load test until Friday$`)),
    expect.stringMatching(new RegExp(`^lifted in ${two}: disabled by \\S+: not here$`)),
  ]);
  expect(await mustRun(world.operator, 'lift', story.name, one)).toContain('nothing was lifted');
  expect((await story.roll('1.0.0')).ended.deployments).toMatchObject([{ state: 'succeeded' }, { state: 'succeeded' }]);
});

test.concurrent('a rollback to what is gone, or never was, is refused before anything is touched', async () => {
  const { story, digest } = await twice('gone');
  const never = await rollBack(story, '--to', '9.9.9', '--reason', 'so');
  expect(never).toMatchObject({ code: EXIT.failure, ended: { state: 'failed', outcome: { code: 'inputs-gone' } } });
  expect(never.ended.outcome?.because).toContain('good there: 2.0.0, 1.0.0');

  // MiniStack's BatchDeleteImage leaves the manifest where charts are pulled from, so it is deleted there.
  const registry = world.stack.charts.registry.replace(/^oci:/, 'http:').replace('/charts', '/v2/charts');
  expect((await fetch(`${registry}/${story.name}/manifests/${digest}`, { method: 'DELETE' })).status).toBe(202);
  // A planner that has just pulled it still has it.
  await endWarmSandboxes(world.stack, 'PlanRollout');
  const gone = await rollBack(story, '--last-good', '--reason', 'so');
  expect(gone).toMatchObject({ code: EXIT.failure, ended: { state: 'failed', outcome: { code: 'inputs-gone' } } });
  expect(gone.ended.outcome?.because).toContain(`${story.name} 1.0.0`);
  expect(gone.ended.deployments).toEqual([]);
  expect(await dataOf(story)).toEqual({ colour: 'second', version: '2.0.0' });
});
