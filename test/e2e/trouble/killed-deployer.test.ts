/** The deployer's process dies while helm is at work: the next call of the same try waits it out, repairs, and goes on. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { expectCalm, saidSince } from '../../support/e2e-calm.ts';
import { CONFIG, HOOK } from '../../support/e2e-charts.ts';
import { callsAreOver } from '../../support/e2e-clock.ts';
import { helmAtWorkOn } from '../../support/e2e-processes.ts';
import { aStory } from '../../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../../support/e2e-world.ts';

let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(inject('stack'));
});
afterAll(async () => await world?.stop());

test('a deployer killed in mid-helm: busy until the dead call is certainly over, then repaired and rolled out', async () => {
  const began = Date.now();
  const story = await aStory(world, 'killed', { environments: ['one'], entry: { timeoutMinutes: 1 } });
  const [one = ''] = story.environments;
  const namespace = story.namespace(one);
  const chart = { ...CONFIG, ...HOOK };
  await Promise.all(['1.0.0', '2.0.0'].map((version) => story.push(version, chart, { colour: version })));
  expect(await story.roll('1.0.0')).toMatchObject({ code: 0 });

  await world.kubectl('create', 'configmap', 'slow', '-n', namespace);
  const id = await story.start('2.0.0');
  await expect.poll(() => story.history(one), { timeout: 30_000 }).toMatchObject([{}, { status: 'pending-upgrade' }]);
  const helm = await helmAtWorkOn(story.name);
  // As a sandbox ends: with everything in it.
  process.kill(helm.parent, 'SIGKILL');
  process.kill(helm.pid, 'SIGKILL');
  await world.kubectl('delete', 'configmap', 'slow', '-n', namespace);

  const said = async () => (await saidSince(world.stack, began)).filter((line) => line.includes(id)).join('\n');
  await expect
    .poll(said, { timeout: 30_000 })
    .toMatch(/"outcome":"busy","because":"an earlier call \(apply\) may still/);
  expect((await story.history(one)).at(-1)).toMatchObject({ revision: 2, status: 'pending-upgrade' });
  // Two minutes from the dead call's start, in truth.
  await callsAreOver(world, id);

  const { state, deployments } = await story.over(id);
  expect([state, deployments[0]]).toMatchObject(['succeeded', { state: 'succeeded', attempt: 1, revision: 4 }]);
  // Revision 3 is the repair: back to what was good, then on.
  expect((await story.history(one)).at(-1)).toMatchObject({ revision: 4, status: 'deployed' });
  expect((await saidSince(world.stack, began)).join('\n')).toContain('repairing what an earlier call left behind');
  await expectCalm(world, story, began);
});
