/** Between the plan and later stages the chart's registry changes: what was planned is what is rolled out, or nothing. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { EXIT, exitOfRollout } from '../../../contracts/outcome-table.ts';
import { expectCalm } from '../../support/e2e-calm.ts';
import { CONFIG } from '../../support/e2e-charts.ts';
import { soakIsOver } from '../../support/e2e-clock.ts';
import { endWarmSandboxes } from '../../support/e2e-processes.ts';
import { aStory } from '../../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../../support/e2e-world.ts';

let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(inject('stack'));
});
afterAll(async () => await world?.stop());

test('a tag that was moved changes nothing for later stages; a chart that is gone blocks them and leaves earlier ones alone', async () => {
  const began = Date.now();
  const story = await aStory(world, 'chart', { environments: ['one', 'two', 'three'] });
  const planned = await story.push('1.0.0', CONFIG, { colour: 'blue' });
  const soaking = { soakMinutes: 10 };
  const stages = await world.file(
    `${story.name}/stages.yaml`,
    ['one', 'two', 'three'].map((env) => ({ name: env, targets: [{ story: story.name, env }], ...soaking })),
  );
  const id = await story.start('1.0.0', '--stages', stages);
  const stands = (stage: string) =>
    story.until(id, ({ waiting }) => waiting?.on === 'soak' && waiting.because.startsWith(`stage ${stage} `));

  await stands('one');
  expect(await story.push('1.0.0', CONFIG, { colour: 'red' })).not.toBe(planned);
  await endWarmSandboxes(world.stack, 'DeployRelease');
  const moved = Date.now();
  await soakIsOver(world, id, 'one');

  await stands('two');
  // MiniStack's BatchDeleteImage leaves the manifest where charts are pulled from, so it is deleted there.
  const registry = world.stack.charts.registry.replace(/^oci:/, 'http:').replace('/charts', '/v2/charts');
  const deleted = await fetch(`${registry}/${story.name}/manifests/${planned}`, { method: 'DELETE' });
  expect(deleted.status).toBe(202);
  await endWarmSandboxes(world.stack, 'DeployRelease');
  const gone = Date.now();
  await soakIsOver(world, id, 'two');

  const ended = await story.over(id);
  expect([ended.state, exitOfRollout(ended), ended.chartDigest]).toEqual(['failed', EXIT.failure, planned]);
  const byName = new Map(ended.deployments.map((deployment) => [deployment.stage, deployment]));
  expect(Date.parse(byName.get('two')?.startedAt ?? '')).toBeGreaterThan(moved);
  expect(Date.parse(byName.get('three')?.startedAt ?? '')).toBeGreaterThan(gone);
  expect(byName.get('three')).toMatchObject({
    state: 'blocked',
    outcome: { code: 'chart-not-found', because: expect.stringContaining(planned) },
  });
  for (const stage of ['one', 'two']) {
    const namespace = story.namespace(`${story.name}-${stage}`);
    const colour = ['get', 'configmap', story.name, '-n', namespace, '-o', 'jsonpath={.data.colour}'];
    expect([byName.get(stage)?.state, await world.kubectl(...colour)]).toEqual(['succeeded', 'blue']);
  }
  expect(await story.history(`${story.name}-three`)).toEqual([]);
  await expectCalm(world, story, began);
});
