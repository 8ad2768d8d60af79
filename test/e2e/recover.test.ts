/** The table is set back to an earlier point while the cluster goes on: the cluster is right, and the next rollout goes well. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { keys } from '../../domain/keys.ts';
import type { Write } from '../../domain/table.ts';
import { CONFIG } from '../support/e2e-charts.ts';
import { aStory } from '../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';

let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(inject('stack'));
});
afterAll(async () => await world?.stop());

test('a restored table learns from helm what stands there, and the next rollout goes on from that', async () => {
  const story = await aStory(world, 'restored', { environments: ['dev'] });
  const [environment = ''] = story.environments;
  const release = keys.release(environment, story.name);
  for (const version of ['1.0.0', '1.1.0', '1.2.0']) await story.push(version, CONFIG);
  expect(await story.roll('1.0.0')).toMatchObject({ code: 0 });
  const backup = await world.table.get(release);
  expect(await story.roll('1.1.0')).toMatchObject({ code: 0 });
  const now = await world.table.get(release);
  if (backup === undefined || now === undefined) throw new Error('nothing is recorded');
  // What point-in-time recovery would bring back.
  const restored: Write = { do: 'put', key: release, item: { ...backup, rev: now.rev + 1 }, expect: { rev: now.rev } };
  await world.table.transact([restored]);

  const recover = (...flags: readonly string[]) => world.operator(['recover', '--environment', environment, ...flags]);
  const looked = await recover();
  expect(looked).toMatchObject({ code: 1 });
  expect(looked.out).toMatch(/differs +revision 2 \(deployed\) stands there, the table knows revision 1/);
  expect(await recover('--apply')).toMatchObject({ code: 0, out: expect.stringContaining('1 recovered') });
  expect(await recover()).toMatchObject({ code: 0, out: expect.stringContaining('1 agrees') });

  const { code, ended } = await story.roll('1.2.0');
  expect([code, ended.deployments[0]?.revision]).toEqual([0, 3]);
});
