/** A stage that waits for somebody else's yes, or for a check: told, opened, refused. */
import { afterAll, beforeAll, inject, test } from 'vitest';
import { signedClient } from '../../adapters/aws/signed-client.ts';
import { requestToken } from '../../adapters/github/request-token.ts';
import { TOKEN_AUDIENCE, TOKEN_HEADER } from '../../contracts/api/github-token.ts';
import { EXIT } from '../../contracts/outcome-table.ts';
import { ranges } from '../../domain/keys.ts';
import { mustRun } from '../../local/demo/command-line.ts';
import { askWorkflowEnv } from '../../local/github/ask-workflow-env.ts';
import { assumeSourceRole } from '../../local/github/assume-source-role.ts';
import type { WorkflowRun } from '../../local/github/workflow-run.ts';
import { expectCalm } from '../support/e2e-calm.ts';
import { CONFIG } from '../support/e2e-charts.ts';
import { aStory, type Story } from '../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';

let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(inject('stack'));
});
afterAll(async () => await world?.stop());

/** A job of GitHub's, by the role that all repositories share: what it may call, with a token of its own. */
async function jobOf(job: WorkflowRun) {
  const { stack } = world;
  const env = await askWorkflowEnv(stack.github, job);
  const roleArn = stack.outputs['WorkflowsRoleArn'] ?? '';
  const credentials = await assumeSourceRole({ endpoint: stack.endpoint, region: stack.region, roleArn, env });
  const client = signedClient({ endpoint: stack.api, region: stack.region, credentials: async () => credentials });
  const variables = { url: env['ACTIONS_ID_TOKEN_REQUEST_URL'], bearer: env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] };
  const read = await requestToken(variables, TOKEN_AUDIENCE);
  if (!read.given) throw new Error(read.because);
  return (path: string, body: unknown) =>
    client.call({ method: 'PUT', path, body, headers: { [TOKEN_HEADER]: read.token } });
}

/** Two stages, the second behind a gate; a chart that is ready at once. */
async function gated(about: string, gate: object, entry = {}): Promise<{ story: Story; flags: readonly string[] }> {
  const story = await aStory(world, about, { environments: ['one', 'two'], entry });
  await story.push('1.0.0', CONFIG, { colour: 'blue' });
  const stages = await world.file(`${story.name}/stages.yaml`, [
    { name: 'first', targets: [{ story: story.name, env: 'one' }] },
    { name: 'then', targets: [{ story: story.name, env: 'two' }], gate },
  ]);
  return { story, flags: ['--stages', stages] };
}

test.concurrent('waits for a second identity: not for who started it, then at once for who did not', async ({
  expect,
}) => {
  const began = Date.now();
  const { story, flags } = await gated('approve', { approvals: 1 });
  const watching = story.roll('1.0.0', ...flags);
  await expect.poll(() => world.table.query(ranges.open(story.name)), { timeout: 60_000 }).toHaveLength(1);
  const { id, waiting, deployments } = await story.until('latest', (rollout) => rollout.waiting?.on === 'gate');
  expect(deployments.map(({ state }) => state)).toEqual(['succeeded', 'pending']);
  expect(waiting).toMatchObject({
    stage: 'then',
    because: 'stage then waits for its gate: 0 of 1 approvals',
    who: `the operators and the approver roles of fairlead.yaml: fairlead approve ${story.name} ${id} then`,
  });
  expect(Date.parse(waiting?.until ?? '') - Date.parse(waiting?.since ?? '')).toBeGreaterThan(71 * 3_600_000);

  const own = await world.operator(['approve', story.name, id]);
  expect([own.code, own.err]).toEqual([
    EXIT.error,
    expect.stringContaining('who starts a rollout does not approve it'),
  ]);
  const looking = await world.operator(['approve', story.name, id, '--as', 'reader']);
  expect([looking.code, looking.err]).toEqual([EXIT.error, expect.stringMatching(/forbidden|not authorized|may not/i)]);

  const told = await mustRun(
    world.operator,
    'approve',
    story.name,
    'latest',
    '--as',
    'approver-sre',
    '--reason',
    'looks fine',
  );
  expect(told).toContain(`stage then approved as role/fairlead-approver-sre`);
  const { code, ended } = await watching;
  expect(code).toBe(EXIT.success);
  expect(ended).toMatchObject({
    state: 'succeeded',
    stages: [
      {},
      { gate: { state: 'passed', given: [{ identity: 'role/fairlead-approver-sre', reason: 'looks fine' }] } },
    ],
    deployments: [{ state: 'succeeded' }, { state: 'succeeded' }],
  });
  expect(await mustRun(world.operator, 'status', story.name, id)).toContain('approved by fairlead-approver-sre/');
  expect(await mustRun(world.operator, 'events', story.name, id)).toContain(
    'stage then approved as role/fairlead-approver-sre: looks fine',
  );
  const late = await world.operator(['approve', story.name, id, 'then', '--as', 'approver-sre']);
  expect([late.code, late.err]).toEqual([EXIT.error, expect.stringContaining('is over: succeeded')]);
  await expectCalm(world, story, began);
});

test.concurrent('ends when somebody refuses, and what is behind the gate stays untouched', async ({ expect }) => {
  const began = Date.now();
  const { story, flags } = await gated('refuse', { approvals: 1, approvers: { roles: ['fairlead-approver-sre'] } });
  const watching = story.roll('1.0.0', ...flags);
  await expect.poll(() => world.table.query(ranges.open(story.name)), { timeout: 60_000 }).toHaveLength(1);
  const { id } = await story.until('latest', (rollout) => rollout.waiting?.on === 'gate');
  await mustRun(world.operator, 'refuse', story.name, id, '--as', 'approver-sre', '--reason', 'errors in one');
  const { code, ended } = await watching;
  expect(code).toBe(EXIT['superseded or aborted']);
  expect(ended).toMatchObject({
    state: 'aborted',
    outcome: {
      code: 'refused',
      because: expect.stringMatching(/^stage then was refused by fairlead-approver-sre\/.*: errors in one$/),
    },
    deployments: [{ state: 'succeeded' }, { state: 'pending', attempt: 0 }],
  });
  expect(await story.history(story.environments[1] ?? '')).toEqual([]);
  await expectCalm(world, story, began);
});

test.concurrent('waits for a check, and starts when it is reported as a success', async ({ expect }) => {
  const began = Date.now();
  const { story, flags } = await gated('check', { statuses: ['load-test'] });
  const id = await story.start('1.0.0', ...flags);
  await story.until(id, (rollout) => rollout.waiting?.on === 'gate');
  const wrong = await world.operator(['report', story.name, id, 'lode-test', 'success']);
  expect([wrong.code, wrong.err]).toEqual([EXIT.error, expect.stringContaining('they ask for load-test')]);
  await mustRun(world.operator, 'report', story.name, id, 'load-test', 'pending', '--url', 'https://load.example/7');
  await story.until(id, ({ waiting }) => waiting?.because.includes('load-test pending') === true);
  await mustRun(world.operator, 'report', story.name, id, 'load-test', 'success', '--description', 'p99 is 90 ms');
  expect(await story.over(id)).toMatchObject({
    state: 'succeeded',
    stages: [
      {},
      { gate: { state: 'passed', reported: [{ name: 'load-test', state: 'success', description: 'p99 is 90 ms' }] } },
    ],
  });
  await expectCalm(world, story, began);
});

test.concurrent('is opened by a job that GitHub let into the environment, and by no other of that repository', async ({
  expect,
}) => {
  const began = Date.now();
  const repository = 'acme/gatekeeper';
  const approvers = { githubEnvironments: [`${repository}:production`] };
  const { story, flags } = await gated('github', { approvals: 1, approvers }, { repositories: [repository] });
  const id = await story.start('1.0.0', ...flags);
  await story.until(id, (rollout) => rollout.waiting?.on === 'gate');
  const path = `/packages/${story.name}/rollouts/${id}/stages/then/approval`;
  const elsewhere = await (await jobOf({ repository, environment: 'review' }))(path, { decision: 'approve' });
  expect(elsewhere).toMatchObject({
    status: 403,
    body: { detail: expect.stringContaining(`a job in ${repository}:production`) },
  });
  const inside = await (await jobOf({ repository, environment: 'production' }))(path, { decision: 'approve' });
  expect(inside).toMatchObject({ status: 200, body: { approval: { identity: `github/${repository}:production` } } });
  expect(await story.over(id)).toMatchObject({ state: 'succeeded' });
  await expectCalm(world, story, began);
});

test.concurrent('ends when a check failed', async ({ expect }) => {
  const { story, flags } = await gated('check-bad', { statuses: ['load-test'] });
  const id = await story.start('1.0.0', ...flags);
  await story.until(id, (rollout) => rollout.waiting?.on === 'gate');
  await mustRun(world.operator, 'report', story.name, id, 'load-test', 'failure', '--description', 'p99 is 900 ms');
  expect(await story.over(id)).toMatchObject({
    state: 'failed',
    outcome: { code: 'status-failed', because: expect.stringContaining('reported load-test as failed: p99 is 900 ms') },
    deployments: [{ state: 'succeeded' }, { state: 'pending', attempt: 0 }],
  });
});
