/** The bundled Action in jobs of acme/worker, as GitHub would run it, against the whole stack. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import * as z from 'zod';
import { EXIT } from '../../contracts/outcome-table.ts';
import { mustRun } from '../../local/demo/command-line.ts';
import { waitUntil } from '../../local/process/wait-until.ts';
import { runStep, type Step, startStep } from '../support/e2e-action.ts';
import { CONFIG, POD } from '../support/e2e-charts.ts';
import { aStory, type Story } from '../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';
import { lossyProxy } from '../support/lossy-proxy.ts';

const stack = inject('stack');
const JOB = { repository: 'acme/worker' };
const PACKAGE = 'worker';
const [GOOD, BAD] = ['9.0.0', '9.1.0'];

let world: E2eWorld;
let story: Story;
beforeAll(async () => {
  world = await e2eWorld(stack);
  story = await aStory(world, 'action', {
    environments: ['good', 'bad', 'lost', 'late', 'stopped', 'cancelled', 'after'],
  });
  // The source's own package, as the examples have it, in this story's environments.
  await mustRun(world.operator, 'package', 'put', PACKAGE, '-f', 'examples/packages/worker.yaml');
  for (const environment of story.environments) {
    await mustRun(world.operator, 'cluster', 'grant', '--environment', environment, '--namespace', 'work');
  }
  await push(GOOD, CONFIG, { colour: 'blue' });
  await push(BAD, POD, { pretend: 'crash-loop-back-off' });
});
afterAll(async () => await world?.stop());

async function push(version: string, templates: Readonly<Record<string, string>>, values: object): Promise<void> {
  const folder = `worker-${version}`;
  const chart = await world.file(`${folder}/Chart.yaml`, { apiVersion: 'v2', name: PACKAGE, version });
  await world.file(`${folder}/values.yaml`, values);
  for (const [file, text] of Object.entries(templates)) await world.file(`${folder}/templates/${file}`, text);
  await mustRun(world.operator, 'package', 'push', PACKAGE, chart.replace('/Chart.yaml', ''));
}

const inputs = (more: Readonly<Record<string, string>> = {}) => ({
  endpoint: stack.api,
  region: stack.region,
  'role-to-assume': stack.outputs['SourceRoleArnWorker'] ?? '',
  package: PACKAGE,
  version: GOOD,
  ...more,
});
const labels = (short: string) => ({ story: story.name, env: short });
const targets = (...shorts: string[]) => JSON.stringify(shorts.map((short) => ({ target: labels(short), wait: true })));
/** A stage that stands for ten minutes before the next begins: time enough for everything. */
const soaking = (short: string) =>
  JSON.stringify([
    { name: 'first', targets: [labels(short)], soakMinutes: 10 },
    { name: 'then', targets: [labels('after')] },
  ]);
/** The newest rollouts, newest first. */
const rollouts = async () => z.array(z.object({ id: z.string() })).parse(await world.json('status', PACKAGE));
/** The newest rollout, once it soaks. */
const soaks = async (before: readonly { id: string }[]) =>
  await waitUntil(
    async () => {
      const id = (await rollouts()).find((one) => before.every((old) => old.id !== one.id))?.id;
      return id !== undefined && (await world.rollout(PACKAGE, id)).waiting?.on === 'soak' ? id : undefined;
    },
    { what: 'a rollout that soaks', deadlineMs: 60_000, everyMs: 200 },
  );

function expectNoSecrets({ log, summary, outputs, masked }: Step): void {
  const shown = [log, summary, JSON.stringify(outputs)].join('\n');
  expect(masked.length).toBeGreaterThanOrEqual(1);
  for (const secret of masked) expect(shown).not.toContain(secret);
  expect(shown).not.toMatch(/eyJ|\n\s+at .+:\d+:\d+/);
}

describe('a step of a workflow', () => {
  test('rolls out and tells so in log, outputs and summary', async () => {
    const values = 'colour: green';
    const step = await runStep(stack, JOB, inputs({ targets: targets('good'), values, description: 'the first' }));
    expect(step.code, step.log).toBe(0);
    const id = step.outputs['rollout'] ?? '';
    expect(step.outputs).toMatchObject({ state: 'succeeded' });
    expect(await world.rollout(PACKAGE, id)).toMatchObject({
      description: 'the first',
      startedBy: { role: 'fairlead-source-worker', session: 'github-1-1' },
      claimed: { repository: 'acme/worker', ref: 'refs/heads/main', actor: 'octocat' },
    });
    expect(step.log).toMatch(/::group::stage stage-1\n[\s\S]*deployment-finished[\s\S]*::endgroup::/);
    expect(step.summary).toContain(`<code>${story.name}-good</code>`);
    const kept = await world.kubectl(
      'get',
      'configmap',
      PACKAGE,
      '-n',
      `work-${story.name}-good`,
      '-o',
      'jsonpath={.data.colour}',
    );
    expect(kept).toBe('green');
    expectNoSecrets(step);
  });

  test('of a release that is bad fails with 1, and shows the evidence', async () => {
    const step = await runStep(stack, JOB, inputs({ version: BAD, targets: targets('bad', 'after') }));
    expect(step.code, step.log).toBe(EXIT.failure);
    expect(step.outputs).toMatchObject({ state: 'failed' });
    expect(step.log).toMatch(/^::error title=worker in action-\w+-bad%3A rolled-back::/m);
    expect(step.summary).toMatch(/❌ rolled-back/);
    expect(step.summary).toMatch(/<p>Evidence of <code>action-\w+-bad<\/code><\/p>\n<pre>[^<]*CrashLoopBackOff/);
    expect(step.summary).toContain('not touched');
    expectNoSecrets(step);
  });

  test('that only starts ends at once', async () => {
    const step = await runStep(stack, JOB, inputs({ targets: targets('good'), wait: 'false' }));
    expect(step.code, step.log).toBe(0);
    expect((await world.rollout(PACKAGE, step.outputs['rollout'] ?? '')).id).toBe(step.outputs['rollout']);
  });

  test('with an input that is off makes no call', async () => {
    const before = await rollouts();
    const step = await runStep(stack, JOB, inputs({ targets: '[{"target": {}}, {"target": {}, "wait": "yes"}]' }));
    expect([step.code, step.log]).toEqual([
      EXIT['wrong invocation'],
      expect.stringContaining('targets[1].wait is "yes"'),
    ]);
    expect(await rollouts()).toEqual(before);
  });
});

describe('a step that may not', () => {
  test('of another repository gets no session, and is told what to compare', async () => {
    const step = await runStep(stack, { repository: 'acme/webui' }, inputs({ targets: targets('good') }));
    expect(step.code).toBe(EXIT.error);
    expect(step.log).toContain('sub: repo:acme/webui:ref:refs/heads/main');
    expect(step.outputs).toEqual({});
    expectNoSecrets(step);
  });

  test("of a repository that asks for another's package is refused before any code of ours", async () => {
    const step = await runStep(stack, JOB, inputs({ package: 'webui', targets: targets('good') }));
    expect([step.code, step.outputs]).toEqual([EXIT.error, {}]);
    expect(step.log).toMatch(/AWS refuses POST \/packages\/webui\/rollouts/);
    expectNoSecrets(step);
  });
});

test('a step whose answer got lost finds its rollout again: there is one only', async () => {
  const before = await rollouts();
  const proxy = await lossyProxy(stack.api, (method) => method === 'POST');
  try {
    const step = await runStep(stack, JOB, inputs({ endpoint: proxy.endpoint, targets: targets('lost') }));
    expect([step.code, step.outputs], step.log).toMatchObject([0, { state: 'succeeded' }]);
    expect(proxy.calls.filter((call) => call.startsWith('POST'))).toHaveLength(2);
    const begun = (await rollouts()).filter(({ id }) => before.every((old) => old.id !== id));
    expect(begun.map(({ id }) => id)).toEqual([step.outputs['rollout']]);
  } finally {
    await proxy.stop();
  }
});

describe('a rollout that takes its time', () => {
  test('is left alone by a step whose time is over: 9, the last state, and it goes on', async () => {
    const files = { 'stages.json': soaking('late') };
    const given = inputs({ 'stages-file': 'stages.json', 'timeout-minutes': '0.1' });
    const before = await rollouts();
    const step = await runStep(stack, JOB, given, files);
    const id = step.outputs['rollout'] ?? '';
    expect([step.code, step.log]).toEqual([
      EXIT.timeout,
      expect.stringMatching(/not over after 0\.1 minutes, it is \w+ and goes on/),
    ]);
    expect(await soaks(before)).toBe(id);
    await mustRun(world.operator, 'abort', PACKAGE, id);
    expect((await over(id)).state).toBe('aborted');
  });

  test('and is aborted by somebody ends the step with 3', async () => {
    const before = await rollouts();
    const { over: ending } = await startStep(stack, JOB, inputs({ 'stages-file': 's' }), { s: soaking('stopped') });
    const id = await soaks(before);
    await mustRun(world.operator, 'abort', PACKAGE, id, '--reason', 'wrong version');
    const step = await ending;
    expect([step.code, step.outputs], step.log).toMatchObject([
      EXIT['superseded or aborted'],
      { rollout: id, state: 'aborted' },
    ]);
    expect(step.summary).toContain('wrong version');
  });

  test('is aborted by a job that is cancelled, within seconds, when it was told to', async () => {
    const before = await rollouts();
    const given = inputs({ 'stages-file': 's', 'abort-on-cancel': 'true' });
    const { cancel, over: ending } = await startStep(stack, JOB, given, { s: soaking('cancelled') });
    const id = await soaks(before);
    const at = performance.now();
    cancel();
    const step = await ending;
    expect([step.code, performance.now() - at < 7_500], step.log).toEqual([EXIT['superseded or aborted'], true]);
    expect(await over(id)).toMatchObject({
      state: 'aborted',
      outcome: { because: expect.stringContaining('its job was cancelled (acme/worker, run 1)') },
    });
  });
});

/** The rollout of the source's package, once it is over. */
async function over(id: string) {
  return await waitUntil(
    async () => {
      const rollout = await world.rollout(PACKAGE, id);
      return rollout.finishedAt === undefined ? undefined : rollout;
    },
    { what: `rollout ${id} to be over`, deadlineMs: 60_000, everyMs: 200 },
  );
}
