/** Somebody looks before anything moves: a plan over many environments, a rollout that is held to it, and one that is refused since a value changed. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { PlanView } from '../../contracts/api/plan.ts';
import { EXIT } from '../../contracts/outcome-table.ts';
import { ranges } from '../../domain/keys.ts';
import { atOnce } from '../../local/bench/at-once.ts';
import { mustRun } from '../../local/demo/command-line.ts';
import { expectCalm } from '../support/e2e-calm.ts';
import { CONFIG } from '../support/e2e-charts.ts';
import { aStory, type Story } from '../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';

let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(inject('stack'));
});
afterAll(async () => await world?.stop());

const layer = async (story: Story, colour: string, ...where: readonly string[]) => {
  const file = await world.file(`${story.name}/${colour}.yaml`, { colour });
  await mustRun(world.operator, 'values', 'put', story.name, '-f', file, ...where);
};
const planOf = async (story: Story, version: string) => PlanView.parse(await world.json('plan', story.name, version));
const idIn = (text: string) => /plan (01[0-9A-Z]{24})/.exec(text)?.[1] ?? '';

const MANY = 50;

test(`a plan over ${MANY} environments says what would change in each, and changes nothing`, async () => {
  const began = Date.now();
  const story = await aStory(world, 'wide', { environments: [] });
  const [cluster] = world.stack.clusters;
  const ours = { name: cluster?.name, endpoint: cluster?.server, ca: cluster?.caData };
  const names = Array.from({ length: MANY }, (_, i) => `${story.name}-${String(i + 1).padStart(2, '0')}`);
  await atOnce(names, 3, async (name) => {
    const body = { cluster: ours, labels: { story: story.name }, namespaceSuffix: name };
    await mustRun(world.operator, 'environment', 'put', name, '-f', await world.file(`${name}.yaml`, body));
    await mustRun(world.operator, 'cluster', 'grant', '--environment', name, '--namespace', 'e2e');
  });
  await Promise.all([
    story.push('1.0.0', CONFIG, { colour: 'grey' }),
    layer(story, 'green', '--environment', names[7] ?? ''),
  ]);

  const asked = Date.now();
  const { code, out, err } = await world.operator(['plan', story.name, '1.0.0']);
  const seconds = (Date.now() - asked) / 1000;
  // Not held to: how long it takes is the machine's to say. The bar is 20 s on two processors.
  process.stderr.write(`fairlead plan over ${MANY} environments: ${seconds.toFixed(1)} s\n`);
  expect(`${code} ${err}`).toMatch(/^0 /);
  expect(out).toMatch(/ConfigMap wide-\w+ created/);
  expect(out.split('\n').at(-1)).toContain(
    `${MANY} of ${MANY} environments would change; roll it out: fairlead rollout ${story.name} --version 1.0.0 --plan ${idIn(out)}`,
  );
  const plan = PlanView.parse(await world.json('plan', 'show', story.name, idIn(out)));
  expect(plan.result?.environments.map(({ environment, state }) => `${environment} ${state}`)).toEqual(
    names.map((name) => `${name} changes`),
  );
  for (const name of names.slice(0, 3)) expect(await story.history(name)).toEqual([]);
  const configMaps = await world.kubectl(
    'get',
    'configmap',
    '-A',
    '-o',
    'name',
    '--field-selector',
    `metadata.name=${story.name}`,
  );
  expect(configMaps).toBe('');
  expect(await world.table.query(ranges.open(story.name))).toEqual([]);
  await expectCalm(world, story, began);
});

test('what was planned is rolled out as it was planned, and not when a value has changed since', async () => {
  const began = Date.now();
  const story = await aStory(world, 'held', { environments: ['one', 'two', 'three'] });
  const [one = '', two = '', three = ''] = story.environments;
  await Promise.all([
    story.push('1.0.0', CONFIG, { colour: 'grey' }),
    story.push('2.0.0', CONFIG, { colour: 'grey' }),
    layer(story, 'blue'),
  ]);
  expect(await story.roll('1.0.0')).toMatchObject({ code: 0 });
  await layer(story, 'red', '--environment', two);

  const first = await planOf(story, '1.0.0');
  expect(first).toMatchObject({ state: 'ready', changed: 1, environments: 3 });
  expect(first.result?.groups.map(({ state, environments }) => [state, environments])).toEqual([
    ['unchanged', [one, three].toSorted()],
    ['changes', [two]],
  ]);
  const markdown = await mustRun(world.operator, 'plan', 'show', story.name, first.id, '--format', 'markdown');
  expect(markdown).toMatch(/blue.*red/);
  expect(await story.history(two)).toHaveLength(1);

  const carried = await story.roll('1.0.0', '--plan', first.id);
  expect(carried.code).toBe(0);
  expect(carried.ended.planned).toEqual({ id: first.id, digest: first.digest });
  expect(await story.history(two)).toHaveLength(2);

  const second = await planOf(story, '2.0.0');
  await layer(story, 'violet', '--environment', three);
  const refused = await story.roll('2.0.0', '--plan', second.id);
  expect(refused.code).toBe(EXIT.failure);
  expect(refused.ended.outcome?.code).toBe('plan-changed');
  expect(refused.ended.outcome?.because).toMatch(
    new RegExp(
      `^plan ${second.id} does not hold any more, layer ${story.name}-service-helm-values\\.environment\\.${three} `,
    ),
  );
  expect(refused.ended.deployments).toEqual([]);
  for (const name of [one, three]) expect(await story.history(name)).toHaveLength(1);

  // Planned again it holds, and brings what was looked at.
  const third = await planOf(story, '2.0.0');
  expect(third.changed).toBe(3);
  expect((await story.roll('2.0.0', '--plan', third.id)).code).toBe(0);
  const data = await world.kubectl(
    'get',
    'configmap',
    story.name,
    '-n',
    story.namespace(three),
    '-o',
    'jsonpath={.data}',
  );
  expect(JSON.parse(data)).toEqual({ colour: 'violet', version: '2.0.0' });
  await expectCalm(world, story, began);
});

test('a workflow plans its own package, as a job of a pull request does, and an unknown version is refused', async () => {
  const story = await aStory(world, 'lone', { environments: ['one'] });
  await story.push('1.0.0', CONFIG, { colour: 'grey' });
  const unknown = await world.operator(['plan', story.name, '9.9.9']);
  expect([unknown.code, unknown.out]).toEqual([1, expect.stringMatching(/is refused: .*9\.9\.9/)]);
  const workflow = await world.workflow('acme/webui');
  const foreign = await workflow(['plan', story.name, '1.0.0']);
  expect(foreign.code).toBe(EXIT.error);
});
