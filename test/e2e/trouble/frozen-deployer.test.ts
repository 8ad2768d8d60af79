/** A deployer that freezes in mid-upgrade and wakes when somebody else has the lease: what it would still write is refused. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import * as z from 'zod';
import { expectCalm, saidSince } from '../../support/e2e-calm.ts';
import { CONFIG, HOOK } from '../../support/e2e-charts.ts';
import { callsAreOver } from '../../support/e2e-clock.ts';
import { executionsOf } from '../../support/e2e-executions.ts';
import { functionsOf } from '../../support/e2e-functions.ts';
import { helmAtWorkOn, type Running } from '../../support/e2e-processes.ts';
import { aStory } from '../../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../../support/e2e-world.ts';

const stack = inject('stack');
const functions = functionsOf(stack);
const executions = executionsOf(stack, functions);
let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(stack);
});
afterAll(async () => {
  functions.close();
  executions.close();
  await world?.stop();
});

const Objects = z.object({
  items: z.array(
    z.object({
      kind: z.string(),
      metadata: z.object({ name: z.string(), uid: z.string(), resourceVersion: z.string() }),
    }),
  ),
});

/** Every object that helm could write there, each with the number that the API server raises with each write. */
async function written(namespace: string): Promise<readonly string[]> {
  const all = await world.kubectl('get', 'secrets,configmaps,jobs', '-n', namespace, '-o', 'json');
  const { items } = Objects.parse(JSON.parse(all));
  return items.map(({ kind, metadata: { name, uid, resourceVersion } }) => `${kind} ${name} ${uid} ${resourceVersion}`);
}

const everything = ({ parent, pid }: Running) => [parent, pid];
const onlyTheDeployer = ({ parent }: Running) => [parent];

test.each([
  ['the whole sandbox, as Lambda freezes one', 'frozen', everything],
  ['the deployer alone, with helm waiting at its proxy', 'frozen-proxy', onlyTheDeployer],
])('frozen: %s; awake again, not one write of its helm gets through', async (_, about, frozenOf) => {
  const began = Date.now();
  const story = await aStory(world, about, { environments: ['one'] });
  const [one = ''] = story.environments;
  const namespace = story.namespace(one);
  const chart = { ...CONFIG, ...HOOK };
  await Promise.all(['1.0.0', '2.0.0', '3.0.0'].map((version) => story.push(version, chart, { colour: version })));
  expect(await story.roll('1.0.0')).toMatchObject({ code: 0 });

  // helm is past its claim and its record of revision 2, and waits for the hook.
  await world.kubectl('create', 'configmap', 'slow', '-n', namespace);
  const first = await story.start('2.0.0');
  await expect.poll(() => story.history(one), { timeout: 30_000 }).toMatchObject([{}, { status: 'pending-upgrade' }]);
  const frozen = frozenOf(await helmAtWorkOn(story.name));
  let before: readonly string[] = [];
  for (const pid of frozen) process.kill(pid, 'SIGSTOP');
  await world.kubectl('delete', 'configmap', 'slow', '-n', namespace);
  try {
    // Its executions are gone, and so is its time; the process is not.
    await executions.stop('Deployment', `${first}-${one}-1`);
    await executions.tellOfChild(first, one);
    await executions.stop('Rollout', `${first}-1`);
    expect(await story.over(first)).toMatchObject({ state: 'errored' });
    await callsAreOver(world, first);
    const second = await story.roll('3.0.0');
    expect(second).toMatchObject({ code: 0, ended: { deployments: [{ state: 'succeeded', revision: 4 }] } });
    before = await written(namespace);
  } finally {
    for (const pid of frozen) process.kill(pid, 'SIGCONT');
  }
  const said = async () => (await saidSince(stack, began)).filter((line) => line.includes(first)).join('\n');
  await expect.poll(said, { timeout: 60_000 }).toMatch(/"outcome":"lost","because":"the deployment is errored"/);
  expect(await written(namespace)).toEqual(before);
  // helm did try: its end is told with what the proxy refused.
  const ends = (await saidSince(stack, began)).filter((line) => /helm upgrade ended/.test(line));
  expect(ends.some((line) => /"refused":[1-9]/.test(line))).toBe(true);
  expect((await story.history(one)).at(-1)).toMatchObject({ revision: 4, status: 'deployed' });
  const colour = ['get', 'configmap', story.name, '-n', namespace, '-o', 'jsonpath={.data.colour}'];
  expect(await world.kubectl(...colour)).toBe('3.0.0');
  await expectCalm(world, story, began);
});
