import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { BuildAnswer, BuildOrder, DeployerInput } from '../../contracts/deployer.ts';
import { FinishDeploymentInput } from '../../contracts/machines.ts';
import { ROLLOUT } from '../support/items.ts';
import { type Answers, hangs, load, type Played, play, throws } from './scripted.ts';

const PROJECT = 'fairlead-deployer';
const begun = (executor: 'lambda' | 'codebuild') => ({
  outcome: 'begun',
  deployer: 'DeployRelease',
  executor,
  project: PROJECT,
  batches: [['/v/a:1']],
  because: 'free',
});
const FAILURE = { code: 'hook-failed', because: 'Job migrate failed' };
const applied = { outcome: 'applied', revision: 5, because: 'revision 5' };
const ready = { outcome: 'ready', because: 'all is ready' };
const elsewhere = { outcome: 'elsewhere', because: 'post-install Job/migrate' };
const unanswered = { outcome: 'unanswered', because: 'build b ended without an answer' };
const busy = { outcome: 'busy', until: '2026-11-21T10:05:00.000Z', seconds: 40, because: 'may still be at work' };

interface Started {
  readonly ProjectName: string;
  readonly IdempotencyToken: string;
  readonly EnvironmentVariablesOverride: readonly { Name: string; Type: string; Value: string }[];
}

/** Builds in the order in which they were asked for, each with what the table was told of it. */
async function run(script: Readonly<Record<string, Answers>>, builds: readonly (() => unknown)[] = [succeeds]) {
  const started: Started[] = [];
  const played = await play(
    'deployment',
    {
      BeginDeployment: [begun('codebuild')],
      answer: [applied],
      observe: [ready],
      evidence: [{ outcome: 'kept', key: 'r/dev/2.json' }],
      'roll-back': [{ outcome: 'rolled-back', revision: 6, because: 'to revision 4' }],
      FinishDeployment: [{ outcome: 'finished', because: 'recorded' }],
      ...script,
    },
    {
      integrations: {
        'aws-sdk:ssm:getParameters': async () => ({ Parameters: [], InvalidParameters: ['/v/a:1'] }),
        'codebuild:startBuild.sync': async (args) => {
          started.push(args as Started);
          return (builds[started.length - 1] ?? builds.at(-1) ?? succeeds)();
        },
      },
    },
  );
  expect(played.ended.status).toBe('SUCCEEDED');
  for (const { payload, to } of played.calls) {
    if (to === 'FinishDeployment') FinishDeploymentInput.parse(payload);
    if (typeof payload['operation'] === 'string') expect(DeployerInput.parse(payload)).toEqual(payload);
  }
  return { played, started };
}

/** As Step Functions tells of a build that failed: the whole of it, as JSON. */
const ENDED = JSON.stringify({
  Build: { Arn: 'arn:aws:codebuild:eu-central-1:111122223333:build/fairlead-deployer:b', Phases: ['PHASES'] },
});

function succeeds() {
  return { Build: { Id: 'fairlead-deployer:b', BuildStatus: 'SUCCEEDED', Phases: ['much of it'] } };
}
const told = ({ calls }: Played) => calls.find(({ to }) => to === 'FinishDeployment')?.payload['result'];
const asked = ({ calls }: Played) => calls.map(({ to }) => to);
const answers = ({ calls }: Played) => calls.filter(({ to }) => to === 'answer').map(({ payload }) => payload);

test('a build gets its order, and no values; the answer comes from the table', async () => {
  const { played, started } = await run({});
  expect(told(played)).toEqual({ is: 'ready', revision: 5, because: ready.because });
  expect(asked(played)).toEqual(['BeginDeployment', 'answer', 'observe', 'FinishDeployment']);
  expect(started).toHaveLength(1);
  const [order] = started[0]?.EnvironmentVariablesOverride ?? [];
  expect(started[0]).toMatchObject({
    ProjectName: PROJECT,
    EnvironmentVariablesOverride: [{ Name: 'FAIRLEAD_ORDER', Type: 'PLAINTEXT' }],
  });
  expect(BuildOrder.strict().parse(JSON.parse(order?.Value ?? ''))).toEqual({
    v: 1,
    rolloutId: ROLLOUT,
    environment: 'dev',
    attempt: 2,
    turn: 1,
  });
  expect(answers(played)).toMatchObject([{ turn: 1, over: 'fairlead-deployer:b' }]);
});

test('asking twice for the same turn of the same execution starts one build: its token is theirs, and fits', async () => {
  const { started } = await run({ answer: [unanswered, applied] });
  const tokens = started.map(({ IdempotencyToken }) => IdempotencyToken);
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  expect(tokens).toEqual([sha256('one 1'), sha256('one 2')]);
  for (const token of tokens) expect(token.length).toBeLessThanOrEqual(64);
});

test('a function that finds the chart needs a build sends the deployment on', async () => {
  const { played, started } = await run({ BeginDeployment: [begun('lambda')], apply: [elsewhere] });
  expect(asked(played)).toEqual(['BeginDeployment', 'apply', 'answer', 'observe', 'FinishDeployment']);
  expect(started).toHaveLength(1);
  expect(told(played)).toMatchObject({ is: 'ready' });
});

test('what the function runs itself starts no build', async () => {
  const { started } = await run({ BeginDeployment: [begun('lambda')], apply: [applied] });
  expect(started).toEqual([]);
});

describe('what the build answered is taken like the function’s answer', () => {
  test.each<[string, object, object | undefined]>([
    ['unchanged', { outcome: 'unchanged', revision: 4, because: 'the same' }, { is: 'unchanged', revision: 4 }],
    ['blocked', { outcome: 'blocked', failure: FAILURE }, { is: 'blocked', failure: FAILURE }],
    [
      'failed',
      { outcome: 'failed', failure: FAILURE },
      { is: 'rolled-back', failure: FAILURE, revision: 6, evidence: 'r/dev/2.json' },
    ],
    ['lost', { outcome: 'lost', because: 'another holds the lease' }, undefined],
    [
      'unreachable',
      { outcome: 'unreachable', because: 'refused' },
      { is: 'errored', failure: { code: 'unreachable' } },
    ],
  ])('%s', async (_, answer, result) => {
    const { played, started } = await run({ answer: [answer] });
    if (result === undefined) expect(told(played)).toBeUndefined();
    else expect(told(played)).toMatchObject(result);
    expect(started).toHaveLength(1);
    expect(played.seconds).toBe(0);
  });

  test.each(BuildAnswer.options.map(({ shape }) => shape.outcome.value))('%s has a branch', (outcome) => {
    const { States } = load('deployment');
    const conditions = ['Answered?', 'Applied?'].flatMap((name) => {
      const state = States[name];
      return state?.Type === 'Choice' ? state.Choices.map(({ Condition }) => Condition) : [];
    });
    expect(conditions.some((condition) => condition.includes(`outcome = '${outcome}'`))).toBe(true);
  });
});

describe('a build that ends without an answer', () => {
  test('is followed by the next turn, which repairs and goes on', async () => {
    const { played, started } = await run({ answer: [unanswered, unanswered, applied] });
    expect(started).toHaveLength(3);
    expect(answers(played)).toMatchObject([{ turn: 1 }, { turn: 2 }, { turn: 3 }]);
    expect(told(played)).toMatchObject({ is: 'ready' });
  });

  test('three times is the end, in our words', async () => {
    const { played, started } = await run({ answer: [unanswered] });
    expect(started).toHaveLength(3);
    expect(told(played)).toMatchObject({
      is: 'errored',
      failure: { code: 'interrupted', because: expect.stringContaining(`look at the logs of project ${PROJECT}`) },
    });
  });

  test.each([
    ['failed', 'States.TaskFailed', ENDED, 'fairlead-deployer:b'],
    ['failed without its name', 'States.TaskFailed', 'with words that stay inside', undefined],
    ['was lost sight of', 'States.Timeout', ENDED, undefined],
    ['could not be started', 'CodeBuild.ResourceNotFoundException', ENDED, undefined],
  ])('because it %s: which is over is told as far as it is known', async (_, name, cause, over) => {
    const fails = () => {
      throw Object.assign(new Error(cause), { name });
    };
    const { played } = await run({}, [fails]);
    expect(answers(played).map((answer) => answer['over'])).toEqual([over]);
    expect(JSON.stringify(answers(played))).not.toContain('PHASES');
    expect(told(played)).toMatchObject({ is: 'ready' });
  });

  test('and may still be at work is asked after until its claim has run out', async () => {
    const { played, started } = await run({ answer: [busy, busy, unanswered, applied] }, [
      throws('States.Timeout'),
      succeeds,
    ]);
    expect(started).toHaveLength(2);
    expect(played.seconds).toBe(80);
    expect(told(played)).toMatchObject({ is: 'ready' });
  });

  test('and stays busy for ever ends by counting', async () => {
    const { played } = await run({ answer: [busy] });
    expect(answers(played)).toHaveLength(101);
    expect(told(played)).toMatchObject({ is: 'errored', failure: { code: 'internal' } });
    expect(played.events).toBeLessThan(25_000);
  });
});

describe('CodeBuild in trouble', () => {
  test('builds that hang are ended by the clock', async () => {
    const { played } = await run({}, [hangs]);
    expect(answers(played)).not.toMatchObject([{ over: expect.anything() }]);
    expect(played.seconds).toBe(9000);
  });

  test('an account at its limit is waited for, for a while', async () => {
    const full = throws('CodeBuild.AccountLimitExceededException');
    const { played, started } = await run({}, [full, full, full, succeeds]);
    expect(started).toHaveLength(4);
    expect(new Set(started.map(({ IdempotencyToken }) => IdempotencyToken)).size).toBe(1);
    expect(told(played)).toMatchObject({ is: 'ready' });
    expect(played.seconds).toBeGreaterThan(30);
  });

  test('and not for ever', async () => {
    const { played, started } = await run({ answer: [unanswered] }, [
      throws('CodeBuild.AccountLimitExceededException'),
    ]);
    expect(started).toHaveLength(63);
    expect(told(played)).toMatchObject({
      is: 'errored',
      failure: { code: 'interrupted', because: expect.stringContaining('AccountLimitExceededException') },
    });
    expect(played.seconds).toBeLessThan(2.5 * 3600);
  });

  test('a throttled start is tried again', async () => {
    const { started } = await run({}, [throws('CodeBuild.CodeBuildException'), succeeds]);
    expect(started).toHaveLength(2);
  });

  test('reading the answer that keeps breaking ends errored', async () => {
    const { played } = await run({ answer: [throws('Runtime.HandlerError')] });
    expect(told(played)).toMatchObject({
      is: 'errored',
      failure: { because: expect.stringContaining('reading what the build answered broke off (Runtime.HandlerError)') },
    });
  });
});

test('nothing of a build but its answer stays in the machine', async () => {
  const { played } = await run({});
  expect(JSON.stringify(played.path)).not.toContain('much of it');
});
