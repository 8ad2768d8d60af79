/** A cluster where nobody listens: asked again for five minutes of the machine's time, then it is our trouble and not the release's. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { EXIT } from '../../../contracts/outcome-table.ts';
import { keys } from '../../../domain/keys.ts';
import { freePort } from '../../../local/process/free-port.ts';
import { expectCalm, saidSince } from '../../support/e2e-calm.ts';
import { CONFIG } from '../../support/e2e-charts.ts';
import { aStory } from '../../support/e2e-story.ts';
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
