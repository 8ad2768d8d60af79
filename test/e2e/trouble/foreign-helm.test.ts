/** A person's own helm is at work on the release: Fairlead keeps its hands off, and goes on when the person is done. */
import { spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { EXIT } from '../../../contracts/outcome-table.ts';
import { expectCalm } from '../../support/e2e-calm.ts';
import { CONFIG, HOOK } from '../../support/e2e-charts.ts';
import { aStory, type Story } from '../../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../../support/e2e-world.ts';

let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(inject('stack'));
});
afterAll(async () => await world?.stop());

test("a person's helm that stands in the middle of an upgrade blocks, by name, and nothing is touched until they are done", async () => {
  const began = Date.now();
  const story = await aStory(world, 'person', { environments: ['one'] });
  const [one = ''] = story.environments;
  const namespace = story.namespace(one);
  const chart = { ...CONFIG, ...HOOK };
  await Promise.all(['1.0.0', '2.0.0', '3.0.0'].map((version) => story.push(version, chart, { colour: version })));
  expect(await story.roll('1.0.0')).toMatchObject({ code: 0 });

  await world.kubectl('create', 'configmap', 'slow', '-n', namespace);
  await upgradeByHand(story, one, '3.0.0');
  await world.kubectl('delete', 'configmap', 'slow', '-n', namespace);
  const before = await story.history(one);
  expect(before).toMatchObject([{ revision: 1 }, { revision: 2, status: 'pending-upgrade' }]);

  const { code, ended } = await story.roll('2.0.0');
  expect(code).toBe(EXIT.failure);
  expect(ended.deployments).toMatchObject([
    {
      state: 'blocked',
      outcome: {
        code: 'foreign-operation',
        because: expect.stringMatching(/^revision 2 stands pending-upgrade, .*: a person or another tool is at work/),
      },
    },
  ]);
  expect(await story.history(one)).toEqual(before);

  await world.helm('rollback', story.name, '1', '-n', namespace);
  const again = await story.roll('2.0.0');
  expect([again.code, again.ended.deployments]).toMatchObject([0, [{ state: 'succeeded', revision: 4 }]]);
  await expectCalm(world, story, began);
});

/** Cut off where helm waits for the hook. Helm hands the labels of revision 1, which is ours, on to revision 2. */
async function upgradeByHand(story: Story, environment: string, version: string): Promise<void> {
  const { tools, charts, clusters } = world.stack;
  const chart = [`${charts.registry}/${story.name}`, '--version', version, '--plain-http'];
  const helm = spawn(tools.helm, ['upgrade', story.name, ...chart, '-n', story.namespace(environment)], {
    env: { KUBECONFIG: clusters[0]?.kubeconfig, HOME: world.stack.folder },
    stdio: 'ignore',
  });
  const gone = new Promise((resolve) => helm.once('exit', resolve));
  try {
    await expect
      .poll(async () => (await story.history(environment)).at(-1)?.status, { timeout: 30_000 })
      .toBe('pending-upgrade');
  } finally {
    helm.kill('SIGKILL');
    await gone;
  }
}
