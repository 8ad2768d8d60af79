/** A stage's soak on real clusters: what turns unhealthy in it is seen, kept as evidence and left as it is; what stands well goes on. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { RolloutView } from '../../contracts/api/rollout.ts';
import { keys } from '../../domain/keys.ts';
import { expectCalm } from '../support/e2e-calm.ts';
import { POD } from '../support/e2e-charts.ts';
import { aStory, type Story } from '../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';

let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(inject('stack'));
});
afterAll(async () => await world?.stop());

/** Long enough to spoil a pod in it, short enough to wait for. */
const SOAK_SECONDS = 15;

/** A rollout in the soak of its first stage: one pod, ready, in each of two environments; a third one waits. */
async function soaking(about: string): Promise<{ story: Story; id: string }> {
  const story = await aStory(world, about, { environments: ['one', 'two', 'last'] });
  await story.push('1.0.0', POD, { pretend: 'run' });
  const stages = await world.file(`${story.name}/stages.yaml`, [
    {
      name: 'first',
      targets: ['one', 'two'].map((env) => ({ story: story.name, env })),
      soakMinutes: SOAK_SECONDS / 60,
    },
    { name: 'then', targets: [{ story: story.name }] },
  ]);
  const id = await story.start('1.0.0', '--stages', stages);
  await story.until(id, ({ waiting }) => waiting?.on === 'soak');
  return { story, id };
}

const stateOf = ({ deployments }: RolloutView, environment = '') =>
  deployments.find((deployment) => deployment.environment === environment);

test.concurrent('a release that turns unhealthy in its soak fails the stage: evidence is kept, nothing is changed', async () => {
  const began = Date.now();
  const { story, id } = await soaking('sour');
  const [one, two = '', last] = story.environments;
  const namespace = story.namespace(two);
  await world.kubectl(
    ...['annotate', 'pod', '-l', `app=${story.name}`, '-n', namespace],
    ...['--overwrite', 'fairlead.dev/pretend=crash-loop-back-off'],
  );

  const ended = await story.over(id);
  expect(ended).toMatchObject({ state: 'failed', outcome: { code: 'stage-failed' } });
  expect(stateOf(ended, one)).toMatchObject({ state: 'succeeded' });
  expect(stateOf(ended, two)).toMatchObject({ state: 'failed', evidence: true, outcome: { code: 'unhealthy' } });
  expect(stateOf(ended, two)?.outcome?.because).toMatch(
    /^became unhealthy \d+ minutes? after it was ready: .*CrashLoopBackOff.*fairlead rollback sour-\S+ --last-good/s,
  );
  expect(stateOf(ended, last)).toMatchObject({ state: 'pending', attempt: 0 });
  const evidence = await world.json('evidence', story.name, id, two);
  expect(JSON.stringify(evidence)).toContain('CrashLoopBackOff');

  // No hold, no quarantine, no rollback: revision 1 stands there as it was, for a person.
  expect(await story.history(two)).toEqual([{ revision: 1, status: 'deployed' }]);
  expect(await world.table.get(keys.hold(two, story.name))).toBeUndefined();
  expect(await world.table.get(keys.release(two, story.name))).toMatchObject({ state: 'failed', liveRevision: 1 });
  await expectCalm(world, { ...story, environments: [one ?? ''] }, began);
});

test.concurrent('what stands well is looked at when its soak is over, and only then the next stage begins', async () => {
  const began = Date.now();
  const { story, id } = await soaking('stands');
  const ended = await story.over(id);
  expect(ended.state).toBe('succeeded');
  const [first, second, last] = story.environments.map((environment) => stateOf(ended, environment));
  const over = Math.max(...[first, second].map((one) => Date.parse(one?.finishedAt ?? ''))) + SOAK_SECONDS * 1000;
  for (const seen of [first, second]) expect(Date.parse(seen?.lookedAt ?? '')).toBeGreaterThanOrEqual(over);
  expect(Date.parse(last?.startedAt ?? '')).toBeGreaterThanOrEqual(over);
  expect([first?.attempt, last?.attempt]).toEqual([2, 1]);
  // A look takes no lease and makes no revision.
  for (const environment of story.environments) expect(await story.history(environment)).toHaveLength(1);
  await expectCalm(world, story, began);
});
