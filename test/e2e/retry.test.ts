/** A rollout fails on something in the cluster; somebody mends it, and the same rollout is tried again with the inputs it had. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { EXIT } from '../../contracts/outcome-table.ts';
import { keys, ranges } from '../../domain/keys.ts';
import { mustRun } from '../../local/demo/command-line.ts';
import { expectCalm } from '../support/e2e-calm.ts';
import { CONFIG } from '../support/e2e-charts.ts';
import { aStory } from '../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';

let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(inject('stack'));
});
afterAll(async () => await world?.stop());

/** A pod that cannot start while ConfigMap `broken` stands in its namespace. */
const SICKLY = {
  'deployment.yaml': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: "{{ .Release.Name }}" }
spec:
  selector: { matchLabels: { app: "{{ .Release.Name }}" } }
  template:
    metadata:
      labels: { app: "{{ .Release.Name }}" }
      annotations:
        fairlead.dev/pretend: '{{ if lookup "v1" "ConfigMap" .Release.Namespace "broken" }}image-pull-back-off{{ else }}run{{ end }}'
    spec: { containers: [{ name: web, image: "web:{{ .Chart.Version }}" }] }
`,
};

test('what failed is tried again when the cluster is mended: same inputs, same rollout, and a history without gaps', async () => {
  const began = Date.now();
  const story = await aStory(world, 'retry', { environments: ['one', 'two', 'three'], entry: { timeoutMinutes: 0.5 } });
  const [one = '', two = '', three = ''] = story.environments;
  const layer = async (colour: string) => {
    const file = await world.file(`${story.name}/${colour}.yaml`, { colour });
    await mustRun(world.operator, 'values', 'put', story.name, '-f', file);
  };
  const chart = { ...CONFIG, ...SICKLY };
  await Promise.all([story.push('1.0.0', chart), story.push('2.0.0', chart), layer('planned')]);
  expect(await story.roll('1.0.0')).toMatchObject({ code: 0 });
  await world.kubectl('create', 'configmap', 'broken', '-n', story.namespace(two));
  const stages = await world.file(
    `${story.name}/stages.yaml`,
    ['one', 'two', 'three'].map((env) => ({ name: env, targets: [{ story: story.name, env }] })),
  );
  const failed = await story.roll('2.0.0', '--stages', stages);
  const { id } = failed.ended;
  expect(failed.code).toBe(EXIT.failure);
  expect(failed.ended.deployments.map(({ state }) => state)).toEqual(['succeeded', 'rolled-back', 'pending']);
  const inputs = async () => (await world.table.query(ranges.deployments(id))).map((deployment) => deployment.inputs);
  const before = await inputs();
  const quarantine = keys.quarantine(two, story.name, before[0]?.digest ?? '');
  expect(await world.table.get(quarantine)).toMatchObject({ rolloutId: id });

  await layer('edited');
  await world.kubectl('delete', 'configmap', 'broken', '-n', story.namespace(two));
  const { code, out, err } = await world.operator(['retry', story.name, id, '--reason', 'the registry is back']);
  expect(`${out}\n${err}`).toContain('succeeded');
  expect(code).toBe(0);
  expect(err).toContain(`rollout ${id} of ${story.name} is tried again in 2 environments (run 2)`);
  // Only what the retry brings is told, not the story of the first run.
  expect(err).not.toContain('rollout-accepted');

  const ended = await world.rollout(story.name, id);
  expect(ended).toMatchObject({ state: 'succeeded', retries: 1, sequence: 3 });
  expect(ended.deployments.map(({ environment, state }) => [environment, state])).toEqual([
    [one, 'succeeded'],
    [two, 'succeeded'],
    [three, 'succeeded'],
  ]);
  expect(await inputs()).toEqual(before);
  expect(await world.table.get(quarantine)).toBeUndefined();
  for (const environment of story.environments) {
    const data = await world.kubectl(
      'get',
      'configmap',
      story.name,
      '-n',
      story.namespace(environment),
      '-o',
      'jsonpath={.data}',
    );
    expect(JSON.parse(data)).toEqual({ colour: 'planned', version: '2.0.0' });
  }
  // One was left alone: its release is as the first run made it.
  expect((await story.history(one)).length).toBe(2);
  const events = await world.table.query(ranges.events(id));
  expect(events.map(({ number }) => number)).toEqual(events.map((_, i) => i + 1));
  expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['quarantine-lifted', 'retry-requested']));

  const again = await world.operator(['retry', story.name, id]);
  expect(again.code).toBe(EXIT.error);
  expect(again.err).toContain(`rollout ${id} is succeeded: only what failed or errored is tried again`);
  await expectCalm(world, story, began);
});

test('a retry does not go over what came later, and says what stands there', async () => {
  const began = Date.now();
  const story = await aStory(world, 'later', { environments: ['one'], entry: { timeoutMinutes: 0.5 } });
  const [one = ''] = story.environments;
  const chart = { ...CONFIG, ...SICKLY };
  await Promise.all(['1.0.0', '2.0.0', '3.0.0'].map((version) => story.push(version, chart)));
  expect(await story.roll('1.0.0')).toMatchObject({ code: 0 });
  await world.kubectl('create', 'configmap', 'broken', '-n', story.namespace(one));
  const { code, ended } = await story.roll('2.0.0');
  expect(code).toBe(EXIT.failure);
  await world.kubectl('delete', 'configmap', 'broken', '-n', story.namespace(one));
  expect(await story.roll('3.0.0')).toMatchObject({ code: 0 });
  const refused = await world.operator(['retry', story.name, ended.id]);
  expect(refused.code).toBe(EXIT.error);
  expect(refused.err).toContain(
    `a newer rollout of ${story.name} has begun in ${one} (number 3 began there, this is 2, there is now 3.0.0`,
  );
  await expectCalm(world, story, began);
});
