/** Workflows with nais/fasit-deploy v4 on a real stack: API Gateway's token authorizer, tokens of the pretend GitHub, and rollouts behind them. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import * as z from 'zod';
import { AssignmentView } from '../../contracts/api/fasit.ts';
import { Problem } from '../../contracts/api/problem.ts';
import { mustRun } from '../../local/demo/command-line.ts';
import { askWorkflowEnv } from '../../local/github/ask-workflow-env.ts';
import type { WorkflowRun } from '../../local/github/workflow-run.ts';
import { CONFIG, POD } from '../support/e2e-charts.ts';
import { aStory, type Story } from '../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';
import { type FasitInputs, runFasit, tokenOf } from '../support/fasit-client.ts';

const stack = inject('stack');
const REPOSITORY = 'acme/fasit-story';
const [GOOD, BAD, SLOW] = ['1.0.0', '2.0.0', '3.0.0'];
/** As its workflow knows it: charts have moved to Fairlead's registry, and keep their last name. */
let chart: string;

let world: E2eWorld;
let story: Story;
beforeAll(async () => {
  world = await e2eWorld(stack);
  story = await aStory(world, 'fasit', {
    environments: ['ci', 'prod', 'bad', 'after', 'twice', 'slow', 'asked'],
    entry: { repositories: [REPOSITORY], timeoutMinutes: 1 },
  });
  chart = `oci://europe-north1-docker.pkg.dev/nais-io/nais/feature/${story.name}`;
  await story.push(GOOD, CONFIG, { colour: 'blue' });
  await story.push(BAD, POD, { pretend: 'crash-loop-back-off' });
  await story.push(SLOW, POD, { pretend: 'never-ready' });
});
afterAll(async () => await world?.stop());

const jobOf = (run: Partial<WorkflowRun> = {}) => askWorkflowEnv(stack.github, { repository: REPOSITORY, ...run });
const entry = (short: string, wait = true) => ({ target: { story: story.name, env: short }, wait });
const inputs = (more: Partial<FasitInputs> = {}): FasitInputs => ({
  endpoint: stack.api,
  chart,
  version: GOOD,
  targets: [entry('ci')],
  ...more,
});
const Audit = z.array(
  z.object({ operation: z.string(), rollout: z.string().optional(), package: z.string().optional() }),
);

/** One call with a token, beside what the step makes. */
async function call(method: string, path: string, token?: string, body?: unknown) {
  const headers = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    'content-type': 'application/json',
  };
  const answer = await fetch(`${stack.api}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as unknown };
}
const tokenFor = async (run: Partial<WorkflowRun> = {}) => await tokenOf(await jobOf(run))();
const aBody = () => ({
  chart,
  version: GOOD,
  target: { story: story.name, env: 'ci' },
  ref: { owner: 'acme', repo: 'fasit-story', ref: '0'.repeat(40) },
});

describe('a workflow with fasit-deploy', () => {
  test('rolls out wave by wave, each a rollout of one stage, by the token alone', async () => {
    const run = await runFasit(await jobOf({ runId: '101' }), inputs({ targets: [entry('ci'), entry('prod')] }));
    expect(run, run.error).toMatchObject({ code: 0, tokens: 1 });
    expect([...new Set(run.states)].toSorted()).toEqual(['DEPLOYED', 'PENDING']);
    const [first, second] = await Promise.all(run.ids.map((id) => world.rollout(story.name, id)));
    expect(first).toMatchObject({
      state: 'succeeded',
      version: GOOD,
      startedBy: {
        role: 'token',
        session: `octocat@${REPOSITORY}/101`,
        account: stack.account,
        claims: { repository: REPOSITORY, runId: '101' },
      },
      claimed: { repository: REPOSITORY, ref: '0'.repeat(40) },
      deployments: [{ environment: `${story.name}-ci`, state: 'succeeded' }],
    });
    // The second wave is asked for when the first stands.
    expect(second?.createdAt.localeCompare(first?.finishedAt ?? '')).toBe(1);
    expect(await story.history(`${story.name}-prod`)).toMatchObject([{ revision: 1, status: 'deployed' }]);
    const audit = Audit.parse(await world.json('audit', '--package', story.name));
    expect(audit).toContainEqual({ operation: 'createAssignment', package: story.name, rollout: run.ids[0] });
  });

  test('stops at a wave that fails, and the reason is told', async () => {
    const job = await jobOf({ runId: '102' });
    const run = await runFasit(job, inputs({ version: BAD, targets: [entry('bad'), entry('after')] }));
    expect(run).toMatchObject({ code: 1, error: expect.stringContaining('failed with state FAILED') });
    expect(run.ids).toHaveLength(1);
    const { body } = await call('GET', `/github/assignment/${run.ids[0]}`, await tokenOf(job)());
    expect(AssignmentView.parse(body)).toMatchObject({
      state: 'FAILED',
      reason: expect.stringMatching(new RegExp(`${story.name}-bad: .+`)),
      url: expect.stringContaining(`${run.ids[0]}`),
    });
    expect(await story.history(`${story.name}-after`)).toEqual([]);
  });

  test('whose answer got lost, or that runs twice within one attempt, starts one rollout; another attempt starts another', async () => {
    const entries = inputs({ targets: [entry('twice', false)] });
    const [once, again, next] = [
      await runFasit(await jobOf({ runId: '103' }), entries),
      await runFasit(await jobOf({ runId: '103' }), entries),
      await runFasit(await jobOf({ runId: '103', runAttempt: '2' }), entries),
    ];
    expect([once.code, again.code, next.code]).toEqual([0, 0, 0]);
    expect(again.ids).toEqual(once.ids);
    expect(next.ids).not.toEqual(once.ids);
    await Promise.all([once, next].flatMap(({ ids }) => ids.map((id) => story.over(id))));
  });

  test('gets another token when its own ends while it waits', async () => {
    // The clock of the real runner is right, and it waits for more than the five minutes of a token; this one's is slow, and the token short.
    const [short, lasting] = [await jobOf({ runId: '104', tokenSeconds: 0 }), await jobOf({ runId: '104' })];
    const tokens = [await tokenOf(short)()];
    const slow = { targets: [entry('slow')], version: SLOW, timeoutMs: 15_000, now: () => Date.now() - 600_000 };
    const run = await runFasit(lasting, inputs(slow), async () => tokens.shift() ?? (await tokenOf(lasting)()));
    expect(run).toMatchObject({ code: 1, tokens: 2, states: ['PENDING'], error: expect.stringContaining('timed out') });
  });
});

describe('refused is', () => {
  test.each([
    ['a call without a token', async () => undefined, 401, 'token-needed'],
    ['a token that is none', async () => 'not-a-token', 401, 'token-needed'],
    ['a token that has ended', () => tokenFor({ tokenSeconds: -10 }), 401, 'token-needed'],
    ['a token of another owner', () => tokenFor({ repository: 'evil/fasit-story' }), 403, 'forbidden'],
    ['a token of an owner who took the name', () => tokenFor({ repositoryOwnerId: '666' }), 403, 'forbidden'],
    ['a token for another audience', () => tokenForAudience('sts.amazonaws.com'), 403, 'forbidden'],
    ['a token with another signature', async () => tampered(await tokenFor()), 403, 'forbidden'],
    ['a token that names no algorithm', async () => unsigned(await tokenFor()), 403, 'forbidden'],
  ])('%s', async (_what, token, status, type) => {
    for (const [method, path] of [
      ['POST', '/github/assignment'],
      ['GET', '/github/assignment/01JD0Z5Q6X3N8V7T2K4M9R1B0C'],
    ] as const) {
      const given = await token();
      const answer = await call(method, path, given, method === 'POST' ? aBody() : undefined);
      expect(answer.status).toBe(status);
      expect(Problem.parse(answer.body).type).toBe(`https://fairlead.dev/problems/${type}`);
      if (given !== undefined) expect(JSON.stringify(answer.body)).not.toContain(given);
    }
  });

  test("a repository that the package does not list, with the package's words", async () => {
    const body = { ...aBody(), ref: { ...aBody().ref, repo: 'other' } };
    const answer = await call('POST', '/github/assignment', await tokenFor({ repository: 'acme/other' }), body);
    expect(answer).toMatchObject({ status: 403, body: { detail: expect.stringContaining('acme/other is not among') } });
  });

  test('a ref of another repository than the token’s', async () => {
    const answer = await call('POST', '/github/assignment', await tokenFor({ repository: 'acme/other' }), aBody());
    expect(answer).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('the token is of acme/other') },
    });
  });

  test("another repository's assignment: it does not exist there", async () => {
    const run = await runFasit(await jobOf({ runId: '105' }), inputs({ targets: [entry('asked', false)] }));
    const path = `/github/assignment/${run.ids[0]}`;
    expect(await call('GET', path, await tokenFor({ repository: 'acme/other' }))).toMatchObject({
      status: 404,
      body: { detail: 'assignment does not exist' },
    });
    expect(await call('GET', path, await tokenFor())).toMatchObject({ status: 200 });
    await story.over(run.ids[0] ?? '');
  });

  test('an id that is none, a chart that nobody has, and a body that is none', async () => {
    const token = await tokenFor();
    const answers = [
      await call('GET', '/github/assignment/17', token),
      await call('POST', '/github/assignment', token, { ...aBody(), chart: 'oci://ghcr.io/acme/nobodys-chart' }),
      await call('POST', '/github/assignment', token),
    ];
    expect(answers.map(({ status, body }) => [status, Problem.parse(body).detail])).toEqual([
      [400, 'invalid assignment id'],
      [404, expect.stringContaining('no package has the chart')],
      [400, expect.stringContaining('the body is empty')],
    ]);
  });

  test('a session of a role at these routes, and a token at all others', async () => {
    const answers = [
      await call('GET', '/packages', await tokenFor()),
      await call('POST', `/packages/${story.name}/rollouts`, await tokenFor(), { version: GOOD }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
    await mustRun(world.operator, 'status', story.name);
  });
});

/** A job's token as it asks for it by name. */
async function tokenForAudience(audience: string): Promise<string> {
  const env = await jobOf();
  return await tokenOf({
    ...env,
    ACTIONS_ID_TOKEN_REQUEST_URL: `${env['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience=${encodeURIComponent(audience)}`,
  })();
}

function tampered(token: string): string {
  const [header, payload = '', signature] = token.split('.');
  const claims = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), actor: 'mallory' };
  return `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
}

function unsigned(token: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
  return `${header}.${token.split('.')[1]}.eA`;
}
