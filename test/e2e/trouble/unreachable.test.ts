/** A cluster where nobody listens: asked again for five minutes of the machine's time, then it is our trouble and not the release's. */
import { connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { EXIT } from '../../../contracts/outcome-table.ts';
import { keys } from '../../../domain/keys.ts';
import { mustRun } from '../../../local/demo/command-line.ts';
import { freePort } from '../../../local/process/free-port.ts';
import { expectCalm, saidSince } from '../../support/e2e-calm.ts';
import { CONFIG } from '../../support/e2e-charts.ts';
import { aStory, type Story } from '../../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../../support/e2e-world.ts';

let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(inject('stack'));
});
afterAll(async () => await world?.stop());

test('a cluster that does not answer ends the rollout errored, and holds nobody else up', async () => {
  const began = Date.now();
  const nowhere = { name: 'nowhere', endpoint: `https://127.0.0.1:${await freePort([])}` };
  const story = await aStory(world, 'unreachable', { environments: ['one', 'gone'], clusters: { gone: nowhere } });
  const [one, gone = ''] = story.environments;
  await story.push('1.0.0', CONFIG);
  const { code, ended } = await story.roll('1.0.0');
  expect(code).toBe(EXIT.error);
  expect(ended).toMatchObject({
    state: 'errored',
    outcome: { code: 'unreachable' },
    deployments: expect.arrayContaining([
      expect.objectContaining({ environment: one, state: 'succeeded' }),
      expect.objectContaining({
        environment: gone,
        state: 'errored',
        outcome: expect.objectContaining({
          code: 'unreachable',
          because: expect.stringMatching(/^the cluster did not answer for five minutes, applying: .*ECONNREFUSED/),
        }),
      }),
    ]),
  });
  const asked = (await saidSince(world.stack, began)).filter(
    (line) => line.includes('deployer answered') && line.includes(gone) && line.includes('"unreachable"'),
  );
  expect(asked).toHaveLength(21);
  // It was never touched, so nobody says that anything bad stands there.
  expect(await world.table.get(keys.release(gone, story.name))).toMatchObject({ state: 'absent' });
  await expectCalm(world, { ...story, environments: [one ?? ''] }, began);
});

/** Stages with one rule for what does not answer. */
async function stagesOf(story: Story, unreachable: { policy: string; minutes: number }): Promise<string> {
  const stages = [{ name: 'all', targets: [{ story: story.name }], unreachable }];
  return await world.file(`${story.name}/stages.yaml`, stages);
}

/** The stack's own cluster behind a port that nobody listens on until `answers` is called. */
async function silentCluster() {
  const port = await freePort([]);
  const { port: behind } = new URL(world.stack.clusters[0]?.server ?? '');
  const open = new Set<Socket>();
  const server = createServer((incoming) => {
    const outgoing = connect(Number(behind), '127.0.0.1');
    for (const [one, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      open.add(one);
      one.once('error', () => other.destroy()).once('close', () => other.destroy());
      one.pipe(other);
    }
  });
  return {
    endpoint: `https://127.0.0.1:${port}`,
    answers: () => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve)),
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('a stage that waits: the others go on, and a cluster that comes back in time goes through as if nothing had been', async () => {
  const began = Date.now();
  const cluster = await silentCluster();
  const story = await aStory(world, 'comesback', {
    environments: ['one', 'late'],
    clusters: { late: { endpoint: cluster.endpoint } },
  });
  const [one, late = ''] = story.environments;
  await mustRun(world.operator, 'cluster', 'grant', '--environment', late, '--namespace', 'e2e');
  await story.push('1.0.0', CONFIG);
  const id = await story.start('1.0.0', '--stages', await stagesOf(story, { policy: 'wait', minutes: 60 }));
  try {
    const { waiting, deployments } = await story.until(id, (rollout) => rollout.waiting?.on === 'environment');
    expect(waiting).toMatchObject({ stage: 'all', who: expect.stringMatching(/^whoever runs cluster .*, until /) });
    expect(waiting?.because).toMatch(/late is put off: its cluster does not answer since .*ECONNREFUSED/);
    expect(deployments).toMatchObject([
      { environment: late, state: 'pending', putOff: { on: 'environment' } },
      { environment: one, state: 'succeeded' },
    ]);
    await cluster.answers();
    const ended = await story.over(id);
    expect(ended).toMatchObject({ state: 'succeeded', outcome: { code: 'succeeded' } });
    expect(ended).not.toHaveProperty('warning');
    expect(await story.history(late)).toEqual([{ revision: 1, status: 'deployed' }]);
    await expectCalm(world, story, began);
  } finally {
    await cluster.stop();
  }
});

test('a stage that skips: what never answers is passed over, with a warning, and does not count', async () => {
  const began = Date.now();
  const nowhere = { name: 'nowhere', endpoint: `https://127.0.0.1:${await freePort([])}` };
  const story = await aStory(world, 'skipped', { environments: ['one', 'gone'], clusters: { gone: nowhere } });
  const [one, gone = ''] = story.environments;
  await story.push('1.0.0', CONFIG);
  const stages = await stagesOf(story, { policy: 'skip', minutes: 0 });
  const { code, ended } = await story.roll('1.0.0', '--stages', stages);
  expect(code).toBe(EXIT.success);
  expect(ended).toMatchObject({
    state: 'succeeded',
    warning: `1 passed over, for their clusters did not answer: ${gone}`,
  });
  expect(ended.deployments).toMatchObject([
    { environment: gone, state: 'skipped', outcome: { code: 'unreachable' } },
    { environment: one, state: 'succeeded' },
  ]);
  expect(await world.table.get(keys.release(gone, story.name))).toMatchObject({ state: 'absent' });
  await expectCalm(world, { ...story, environments: [one ?? ''] }, began);
});
