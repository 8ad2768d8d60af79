/** helm or the deployer's process is killed in mid-upgrade: the same rollout repairs and goes on, or else the next one does, and nobody lends a hand. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { ranges } from '../../../domain/keys.ts';
import { leaseKey } from '../../../domain/registry/place.ts';
import { expectCalm, saidSince } from '../../support/e2e-calm.ts';
import { CONFIG, HOOK } from '../../support/e2e-charts.ts';
import { callsAreOver } from '../../support/e2e-clock.ts';
import { executionsOf } from '../../support/e2e-executions.ts';
import { functionsOf } from '../../support/e2e-functions.ts';
import { helmAtWorkOn, type Running } from '../../support/e2e-processes.ts';
import { aStory, type Story } from '../../support/e2e-story.ts';
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

/** A story whose 1.0.0 stands there, good, and whose upgrades do not get past their hook while ConfigMap `slow` is there. */
async function slowStory(about: string) {
  const story = await aStory(world, about, { environments: ['one'] });
  const [one = ''] = story.environments;
  const chart = { ...CONFIG, ...HOOK };
  await Promise.all(['1.0.0', '2.0.0', '3.0.0'].map((version) => story.push(version, chart, { colour: version })));
  expect(await story.roll('1.0.0')).toMatchObject({ code: 0 });
  const slow = (verb: string) => world.kubectl(verb, 'configmap', 'slow', '-n', story.namespace(one));
  await slow('create');
  return { story, one, quick: () => slow('delete') };
}

/** In the middle of an upgrade that is another than those ended before: its helm. */
async function inMidUpgrade(story: Story, environment: string, after: number): Promise<Running & { revision: number }> {
  let revision = 0;
  await expect
    .poll(
      async () => {
        const last = (await story.history(environment)).at(-1);
        revision = last?.revision ?? 0;
        return last?.status === 'pending-upgrade' && revision > after;
      },
      { timeout: 60_000 },
    )
    .toBe(true);
  return { ...(await helmAtWorkOn(story.name)), revision };
}

/** As a sandbox ends: with everything in it. */
function killSandbox({ parent, pid }: Running): void {
  process.kill(parent, 'SIGKILL');
  process.kill(pid, 'SIGKILL');
}

test('a deployer killed in mid-helm: known to be over, so the next call repairs and rolls out, long before the dead one’s hard end', async () => {
  const began = Date.now();
  const { story, one, quick } = await slowStory('killed');
  const id = await story.start('2.0.0');
  const helm = await inMidUpgrade(story, one, 1);
  await quick();
  killSandbox(helm);

  const { state, deployments } = await story.over(id);
  expect([state, deployments[0]]).toMatchObject(['succeeded', { state: 'succeeded', attempt: 1, revision: 4 }]);
  // Revision 3 is the repair: back to what was good, then on.
  expect((await story.history(one)).at(-1)).toMatchObject({ revision: 4, status: 'deployed' });
  const said = (await saidSince(world.stack, began)).filter((line) => line.includes(id)).join('\n');
  expect(said).toContain('an earlier call of this try died');
  expect(said).not.toContain('"outcome":"busy"');
  // The package's ten minutes are not over.
  expect(Date.now() - began).toBeLessThan(5 * 60_000);
  await expectCalm(world, story, began);
});

test('a deployer killed again and again: the rollout repairs, gives up as our trouble, and the next one succeeds', async () => {
  const began = Date.now();
  const { story, one, quick } = await slowStory('killed-often');
  const id = await story.start('2.0.0');
  for (let calls = 0, revision = 1; calls < 4; calls++) {
    const helm = await inMidUpgrade(story, one, revision);
    killSandbox(helm);
    ({ revision } = helm);
  }
  const { state, deployments } = await story.over(id);
  const because = expect.stringMatching(/^the deployer has died 4 times .*: give it more memory/);
  expect([state, deployments[0]?.outcome]).toEqual(['errored', { code: 'internal', because }]);
  expect((await story.history(one)).at(-1)).toMatchObject({ status: 'deployed' });

  await quick();
  const { code, ended } = await story.roll('3.0.0');
  expect([code, ended.deployments]).toMatchObject([0, [{ state: 'succeeded', attempt: 1 }]]);
  await expectCalm(world, story, began);
});

test('a deployer killed when its execution is gone too: nobody knows that it is over, so its hard end frees the release, and the next rollout repairs', async () => {
  const began = Date.now();
  const { story, one, quick } = await slowStory('killed-alone');
  const id = await story.start('2.0.0');
  const helm = await inMidUpgrade(story, one, 1);
  await executions.stop('Deployment', `${id}-${one}-1`);
  await executions.tellOfChild(id, one);
  killSandbox(helm);
  expect(await story.over(id)).toMatchObject({ state: 'errored' });
  const [{ place } = { place: undefined }] = await world.table.query(ranges.deployments(id));
  const lease = place && (await world.table.get(leaseKey(place)));
  expect(lease).not.toHaveProperty('holder');
  expect(lease?.operation).toMatchObject({ kind: 'apply' });
  expect(lease?.operation).not.toHaveProperty('overAt');
  expect((await story.history(one)).at(-1)).toMatchObject({ status: 'pending-upgrade' });

  await quick();
  await callsAreOver(world, id);
  expect(await story.roll('3.0.0')).toMatchObject({ code: 0, ended: { deployments: [{ revision: 4 }] } });
  expect((await story.history(one)).map(({ status }) => status).at(-1)).toBe('deployed');
  await expectCalm(world, story, began);
});

test('helm killed in mid-upgrade is repaired by the very call that ran it', async () => {
  const began = Date.now();
  const { story, one, quick } = await slowStory('killed-helm');
  const id = await story.start('2.0.0');
  const helm = await inMidUpgrade(story, one, 1);
  await quick();
  process.kill(helm.pid, 'SIGKILL');
  const { state, deployments } = await story.over(id);
  expect([state, deployments[0]]).toMatchObject(['succeeded', { state: 'succeeded', attempt: 1, revision: 4 }]);
  await expectCalm(world, story, began);
});

test('helm killed each time it runs: rolled back without blaming the inputs, which the next rollout brings again', async () => {
  const began = Date.now();
  const { story, one, quick } = await slowStory('killed-helms');
  const id = await story.start('2.0.0');
  for (let runs = 0, revision = 1; runs < 3; runs++) {
    const helm = await inMidUpgrade(story, one, revision);
    process.kill(helm.pid, 'SIGKILL');
    ({ revision } = helm);
  }
  const { state, deployments } = await story.over(id);
  expect([state, deployments[0]]).toMatchObject([
    'failed',
    { state: 'rolled-back', outcome: { code: 'interrupted', because: expect.stringContaining('helm was killed') } },
  ]);
  expect((await story.history(one)).at(-1)).toMatchObject({ status: 'deployed' });

  await quick();
  expect(await story.roll('2.0.0')).toMatchObject({ code: 0, ended: { deployments: [{ state: 'succeeded' }] } });
  await expectCalm(world, story, began);
});
