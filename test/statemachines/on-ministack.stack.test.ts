import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { type ApplyAnswer, DeployerInput, type ObserveAnswer, type RollBackAnswer } from '../../contracts/deployer.ts';
import { nameOfRun, nameOfTry } from '../../contracts/ended-execution.ts';
import {
  type DecideAnswer,
  DecideInput,
  type FinishDeploymentInput,
  FinishDeploymentInput as FinishDeploymentShape,
  FinishRolloutInput,
  RolloutRun,
  StoreWaitInput,
  Try,
} from '../../contracts/machines.ts';
import { localClient } from '../../local/aws/local-clients.ts';
import type { MiniStack } from '../../local/aws/ministack.ts';
import { waitUntil } from '../../local/process/wait-until.ts';
import { testMiniStack } from '../support/ministack.ts';
import { type Call, type Script, type StandIns, standInFunctions } from '../support/stand-in-functions.ts';

/**
 * The two files, as they are deployed, on the emulator's own Step Functions: what the runner of local/asl is trusted with, a
 * second implementation has to see the same way. The functions behind them say what each test's script says.
 */
const FUNCTIONS: Readonly<Record<string, z.ZodType>> = {
  'plan-rollout': RolloutRun,
  'decide-next': DecideInput,
  'store-wait': StoreWaitInput,
  'finish-rollout': FinishRolloutInput,
  'begin-deployment': Try,
  'finish-deployment': FinishDeploymentShape,
  'deploy-release': DeployerInput,
  'deploy-release-private': DeployerInput,
};

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: ['lambda', 'states'].map((service) => ({
    Effect: 'Allow',
    Principal: { Service: `${service}.amazonaws.com` },
    Action: 'sts:AssumeRole',
  })),
});

let ministack: MiniStack;
let folder: string;
let sfn: SFNClient;
let functions: StandIns;
let role: string;
const machines = { rollout: '', deployment: '' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-scripts-'));
  ministack = await testMiniStack({ SFN_WAIT_SCALE: '0.001' });
  const client = localClient(ministack.endpoint);
  sfn = new SFNClient(client);
  const { Role } = await new IAMClient(client).send(
    new CreateRoleCommand({ RoleName: 'stand-in', AssumeRolePolicyDocument: TRUST }),
  );
  role = Role?.Arn ?? '';
  functions = await standInFunctions(new LambdaClient(client), role, folder, Object.keys(FUNCTIONS));
  machines.deployment = await createMachine('deployment', functions.arns);
  machines.rollout = await createMachine('rollout', { ...functions.arns, DeploymentMachineArn: machines.deployment });
  const ssm = new SSMClient(client);
  for (const name of ['one', 'two', 'three']) {
    await ssm.send(new PutParameterCommand({ Name: `/values/${name}`, Value: `${name}: 1`, Type: 'String' }));
  }
});
afterAll(async () => {
  await ministack?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function createMachine(name: 'rollout' | 'deployment', arns: Readonly<Record<string, string>>): Promise<string> {
  const file = join(import.meta.dirname, `../../statemachines/${name}.asl.json`);
  const definition = (await readFile(file, 'utf8')).replaceAll(/\$\{(\w+)\}/g, (_, key: string) => arns[key] ?? key);
  const { stateMachineArn = '' } = await sfn.send(new CreateStateMachineCommand({ name, definition, roleArn: role }));
  return stateMachineArn;
}

let rollouts = 0;
const freshId = () => `01JD0Z5Q6X3N8V7T2K4M9R${String(++rollouts).padStart(4, '0')}`;

interface Run {
  readonly status: string | undefined;
  readonly calls: readonly Call[];
}

async function start(machine: 'rollout' | 'deployment', name: string, input: object): Promise<string> {
  const { executionArn = '' } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn: machines[machine], name, input: JSON.stringify(input) }),
  );
  return executionArn;
}

async function end(executionArn: string, rolloutId: string): Promise<Run> {
  const status = await waitUntil(
    async () => {
      const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      return status === 'RUNNING' ? undefined : status;
    },
    { what: `the end of ${executionArn}`, deadlineMs: 60_000 },
  );
  return { status, calls: await functions.calls(rolloutId) };
}

/** Every function is called with what its contract says. */
function expectContracts(calls: readonly Call[]): void {
  for (const { to, event } of calls) {
    const schema = FUNCTIONS[to] ?? DeployerInput;
    expect(schema.safeParse(event), `${to} was called with ${JSON.stringify(event)}`).toMatchObject({ success: true });
  }
}

type Result = FinishDeploymentInput['result'];
const begun = (...batches: string[][]) => [begunAt('deploy-release', ...batches)];
const begunAt = (deployer: string, ...batches: string[][]) => ({
  outcome: 'begun',
  deployer,
  batches,
  because: 'free',
});
const failure = { code: 'not-ready' as const, because: 'Deployment webui is not ready' };
const applied: ApplyAnswer = { outcome: 'applied', revision: 5, because: 'helm applied revision 5' };
const ready: ObserveAnswer = { outcome: 'ready', because: 'all ready' };
const bad: ObserveAnswer = { outcome: 'failed', failure };
const back: RollBackAnswer = { outcome: 'rolled-back', revision: 6, because: 'to revision 4' };
const unreachable = { outcome: 'unreachable', because: 'connection refused' };
const busy = { outcome: 'busy', until: '2026-11-21T10:00:00.000Z', seconds: 30, because: 'an operation is at work' };
const broken = { throws: 'out of memory' };
const kept = { outcome: 'kept', key: 'evidence/1.json' };
// The emulator's machines start no builds ("not yet implemented"): what is seen here is how they go on from a build that could not be started.
const begunInBuild = [{ ...begunAt('deploy-release'), executor: 'codebuild', project: 'fairlead-deployer' }];
const unanswered = { outcome: 'unanswered', because: 'no build started' };

interface Way {
  readonly when: string;
  readonly script: Script;
  /** What Finish is told; none when Finish has nothing to do. */
  readonly told: Result | undefined;
  /** Operations asked of the deployer. */
  readonly asked: readonly string[];
}

const bringsBack = (answer: object, observed: readonly object[] = [bad, ready]): Script => ({
  'begin-deployment': begun(),
  apply: [applied],
  observe: observed,
  evidence: [kept],
  'roll-back': [answer],
});

const WAYS: readonly Way[] = [
  {
    when: 'it does not begin',
    script: { 'begin-deployment': [{ outcome: 'not-begun', because: 'held' }] },
    told: undefined,
    asked: [],
  },
  {
    when: 'it becomes ready after a while',
    script: {
      'begin-deployment': begun(),
      apply: [applied],
      observe: [{ outcome: 'not-yet', because: '1 of 2' }, unreachable, ready],
    },
    told: { is: 'ready', revision: 5, because: 'all ready' },
    asked: ['apply', 'observe', 'observe', 'observe'],
  },
  {
    when: 'nothing has changed',
    script: { 'begin-deployment': begun(), apply: [{ outcome: 'unchanged', revision: 4, because: 'same inputs' }] },
    told: { is: 'unchanged', revision: 4, because: 'same inputs' },
    asked: ['apply'],
  },
  {
    when: 'it is blocked',
    script: { 'begin-deployment': begun(), apply: [{ outcome: 'blocked', failure }] },
    told: { is: 'blocked', failure },
    asked: ['apply'],
  },
  {
    when: 'it fails to apply and is rolled back',
    script: { ...bringsBack(back, [ready]), apply: [{ outcome: 'failed', failure }] },
    told: { is: 'rolled-back', failure, revision: 6, evidence: kept.key },
    asked: ['apply', 'evidence', 'roll-back', 'observe'],
  },
  {
    when: 'it never becomes ready and is rolled back',
    script: bringsBack(back),
    told: { is: 'rolled-back', failure, revision: 6, evidence: kept.key },
    asked: ['apply', 'observe', 'evidence', 'roll-back', 'observe'],
  },
  {
    when: 'a first install is taken away again',
    script: bringsBack({ outcome: 'uninstalled', because: 'there was none before' }),
    told: { is: 'rolled-back', failure, evidence: kept.key },
    asked: ['apply', 'observe', 'evidence', 'roll-back'],
  },
  {
    when: 'the roll-back is refused',
    script: bringsBack({ outcome: 'refused', because: 'it made volumes' }),
    told: {
      is: 'failed',
      failure: { ...failure, because: `${failure.because}; not rolled back: it made volumes` },
      evidence: kept.key,
    },
    asked: ['apply', 'observe', 'evidence', 'roll-back'],
  },
  {
    when: 'the roll-back is bad too',
    script: bringsBack(back, [bad, bad]),
    told: {
      is: 'failed',
      failure: { ...failure, because: `${failure.because}; after the roll-back: ${failure.because}` },
      evidence: kept.key,
    },
    asked: ['apply', 'observe', 'evidence', 'roll-back', 'observe'],
  },
  {
    when: 'evidence cannot be kept, which holds nothing up',
    script: { ...bringsBack(back), evidence: [broken] },
    told: { is: 'rolled-back', failure, revision: 6 },
    asked: ['apply', 'observe', ...Array(5).fill('evidence'), 'roll-back', 'observe'],
  },
  {
    when: 'a build has left its answer',
    script: { 'begin-deployment': begunInBuild, answer: [busy, applied], observe: [ready] },
    told: { is: 'ready', revision: 5, because: 'all ready' },
    asked: ['answer', 'answer', 'observe'],
  },
  {
    when: 'the function sends it on to a build',
    script: {
      'begin-deployment': [{ ...begunAt('deploy-release'), executor: 'lambda', project: 'fairlead-deployer' }],
      apply: [{ outcome: 'elsewhere', because: 'post-install Job/migrate' }],
      answer: [applied],
      observe: [ready],
    },
    told: { is: 'ready', revision: 5, because: 'all ready' },
    asked: ['apply', 'answer', 'observe'],
  },
  {
    when: 'no build leaves an answer',
    script: { 'begin-deployment': begunInBuild, answer: [unanswered] },
    told: {
      is: 'errored',
      failure: {
        code: 'interrupted',
        because:
          'three builds ended without an answer, the last one: no build started (States.Runtime): look at the logs of project fairlead-deployer',
      },
    },
    asked: ['answer', 'answer', 'answer'],
  },
  {
    when: 'the lease is lost while applying',
    script: { 'begin-deployment': begun(), apply: [{ outcome: 'lost', because: 'another holds it' }] },
    told: undefined,
    asked: ['apply'],
  },
  {
    when: 'the cluster does not answer for five minutes',
    script: { 'begin-deployment': begun(), apply: [unreachable] },
    told: {
      is: 'errored',
      failure: {
        code: 'unreachable',
        because: 'the cluster did not answer for five minutes, applying: connection refused',
      },
    },
    asked: Array(21).fill('apply'),
  },
  {
    when: 'the deployer says what no one knows',
    script: { 'begin-deployment': begun(), apply: [{ outcome: 'sunshine' }] },
    told: {
      is: 'errored',
      failure: { code: 'internal', because: "the deployer's answer to apply is none that this machine knows" },
    },
    asked: ['apply'],
  },
];

describe('the deployment machine', () => {
  test.concurrent.each(WAYS)('when $when, tells Finish so and succeeds', async ({ script, told, asked }) => {
    const { status, calls } = await deploy(script);
    expect(status).toBe('SUCCEEDED');
    expectContracts(calls);
    expect(calls.filter(({ to }) => to === 'finish-deployment').map(({ event }) => event['result'])).toEqual(
      told === undefined ? [] : [told],
    );
    expect(calls.map(({ to }) => to).filter((to) => FUNCTIONS[to] === undefined)).toEqual(asked);
  });

  test.concurrent.each([
    ['Begin', 'begin-deployment', { 'begin-deployment': [broken] }, 'beginning'],
    ['Apply', 'apply', { 'begin-deployment': begun(), apply: [broken] }, 'applying'],
    ['Observe', 'observe', { 'begin-deployment': begun(), apply: [applied], observe: [broken] }, 'observing'],
  ])('when %s breaks five times, is errored', async (_, to, script, doing) => {
    const { status, calls } = await deploy(script);
    expect(status).toBe('SUCCEEDED');
    expect(calls.filter((call) => call.to === to)).toHaveLength(5);
    expect(calls.at(-1)).toMatchObject({
      to: 'finish-deployment',
      event: {
        result: {
          is: 'errored',
          failure: { code: 'internal', because: expect.stringContaining(`${doing} broke off (`) },
        },
      },
    });
    expectContracts(calls);
  });

  test.concurrent('hands the pulled values to Apply alone, however few they are, each time it asks', async () => {
    const batches = [
      ['/values/one:1', '/values/two:1'],
      ['/values/three:1', '/values/none:1'],
    ];
    const { calls } = await deploy({ 'begin-deployment': begun(...batches), apply: [busy, applied], observe: [ready] });
    const value = (name: string) => ({ name: `/values/${name}`, version: 1, value: `${name}: 1` });
    const applies = calls.filter(({ to }) => to === 'apply');
    expect(applies).toHaveLength(2);
    for (const { event } of applies) {
      expect(event['invalid']).toEqual(['/values/none:1']);
      expect(event['values']).toHaveLength(3);
      expect(event['values']).toEqual(expect.arrayContaining([value('one'), value('two'), value('three')]));
    }
    expect(JSON.stringify(calls.filter(({ to }) => to !== 'apply'))).not.toContain('one: 1');
    expectContracts(calls);
  });

  test.concurrent('calls the deployer that Begin has named, by its ARN, and no other', async () => {
    const { DeployReleasePrivateArn: arn = '' } = functions.arns;
    const { calls } = await deploy({ ...bringsBack(back), 'begin-deployment': [begunAt(arn)] });
    const deployers = calls.filter(({ to }) => FUNCTIONS[to] === undefined).map(({ by }) => by);
    expect(deployers).toEqual(Array(5).fill('deploy-release-private'));
  });

  test.concurrent('hands one value on as a list of one', async () => {
    const { calls } = await deploy({
      'begin-deployment': begun(['/values/one:1']),
      apply: [applied],
      observe: [ready],
    });
    const apply = calls.find(({ to }) => to === 'apply');
    expect(apply?.event).toMatchObject({ values: [{ name: '/values/one', version: 1, value: 'one: 1' }], invalid: [] });
    expectContracts(calls);
  });

  test.concurrent('ends failed when not even Finish works, so that EventBridge calls it', async () => {
    const { status } = await deploy({
      'begin-deployment': begun(),
      apply: [applied],
      observe: [ready],
      'finish-deployment': [broken],
    });
    expect(status).toBe('FAILED');
  });

  async function deploy(script: Script): Promise<Run> {
    const which: Try = { v: 1, rolloutId: freshId(), environment: 'dev', attempt: 1 };
    await functions.script(which.rolloutId, script);
    return end(await start('deployment', nameOfTry(which), which), which.rolloutId);
  }
});

describe('the rollout machine', () => {
  const planned = [{ outcome: 'planned' }];
  const finish: DecideAnswer = { action: 'finish', because: 'all done' };
  const over = [{ outcome: 'finished' }];
  const wait = (seconds: 5 | 60): DecideAnswer => ({
    action: 'wait',
    on: 'queue',
    seconds,
    because: 'another is first',
  });
  const deployTo = (rolloutId: string, ...names: string[]): DecideAnswer => ({
    action: 'deploy',
    maxParallel: 2,
    deployments: names.map((environment) => ({
      environment,
      attempt: 1,
      name: nameOfTry({ rolloutId, environment, attempt: 1 }),
    })),
    because: 'two to deploy',
  });

  test.concurrent('has a refused plan recorded', async () => {
    const refused = { code: 'chart-not-found', because: 'there is no such chart' };
    const { status, calls } = await roll(freshId(), { 'plan-rollout': [{ outcome: 'refused', ...refused }] });
    expect(status).toBe('SUCCEEDED');
    expect(calls.map(({ to }) => to)).toEqual(['plan-rollout', 'finish-rollout']);
    expect(calls.at(-1)?.event).toMatchObject({ run: 1, refused });
    expectContracts(calls);
  });

  test.concurrent.each([[['dev']], [['a', 'b', 'c']]])(
    'deploys to %j, a child each, and decides again',
    async (names) => {
      const id = freshId();
      const { status, calls } = await roll(id, {
        'plan-rollout': planned,
        'decide-next': [deployTo(id, ...names), finish],
        'begin-deployment': [{ outcome: 'not-begun', because: 'held' }],
        'finish-rollout': over,
      });
      expect(status).toBe('SUCCEEDED');
      const tries = calls.filter(({ to }) => to === 'begin-deployment').map(({ event }) => event);
      expect(tries.map(({ environment }) => environment).toSorted()).toEqual(names);
      expect(tries).toEqual(names.map(() => expect.objectContaining({ v: 1, rolloutId: id, attempt: 1 })));
      expect(calls.map(({ to }) => to).at(-1)).toBe('finish-rollout');
      expectContracts(calls);
    },
  );

  test.concurrent('a child that fails keeps neither its siblings nor the next decision', async () => {
    const id = freshId();
    const { status, calls } = await roll(id, {
      'plan-rollout': planned,
      'decide-next': [deployTo(id, 'a', 'b'), finish],
      'begin-deployment': begun(),
      apply: [{ outcome: 'unchanged', revision: 1, because: 'same inputs' }],
      'finish-deployment': [broken],
      'finish-rollout': over,
    });
    expect(status).toBe('SUCCEEDED');
    expect(calls.filter(({ to }) => to === 'decide-next')).toHaveLength(2);
    expect(
      new Set(calls.filter(({ to }) => to === 'finish-deployment').map(({ event }) => event['environment'])).size,
    ).toBe(2);
  });

  test.concurrent('waits until its token is answered, then decides again', async () => {
    const id = freshId();
    await functions.script(id, { 'plan-rollout': planned, 'decide-next': [wait(60), finish], 'finish-rollout': over });
    const input: RolloutRun = { v: 1, rolloutId: id, run: 1 };
    const execution = await start('rollout', nameOfRun(input), input);
    const stored = await waitUntil(async () => (await functions.calls(id)).find(({ to }) => to === 'store-wait'), {
      what: 'the stored wait',
      deadlineMs: 30_000,
    });
    const { token } = StoreWaitInput.parse(stored.event);
    await sfn.send(new SendTaskSuccessCommand({ taskToken: token, output: '{}' }));
    const { status, calls } = await end(execution, id);
    expect(status).toBe('SUCCEEDED');
    expect(calls.map(({ to }) => to)).toEqual([
      'plan-rollout',
      'decide-next',
      'store-wait',
      'decide-next',
      'finish-rollout',
    ]);
    expectContracts(calls);
  });

  test.concurrent('decides again when nobody answers its token in time', async () => {
    const { status, calls } = await roll(freshId(), {
      'plan-rollout': planned,
      'decide-next': [wait(5), finish],
      'finish-rollout': over,
    });
    expect(status).toBe('SUCCEEDED');
    expect(calls.map(({ to }) => to)).toEqual([
      'plan-rollout',
      'decide-next',
      'store-wait',
      'decide-next',
      'finish-rollout',
    ]);
    const rounds = calls.filter(({ to }) => to === 'decide-next').map(({ event }) => Number(event['round']));
    expect(rounds[1]).toBeGreaterThan(rounds[0] ?? Number.NaN);
  });

  test.concurrent('decides again when the rollout cannot be finished yet', async () => {
    const { calls } = await roll(freshId(), {
      'plan-rollout': planned,
      'decide-next': [finish],
      'finish-rollout': [{ outcome: 'not-yet' }, { outcome: 'finished' }],
    });
    expect(calls.map(({ to }) => to)).toEqual([
      'plan-rollout',
      'decide-next',
      'finish-rollout',
      'decide-next',
      'finish-rollout',
    ]);
  });

  test.concurrent('stands down without another word', async () => {
    const { status, calls } = await roll(freshId(), {
      'plan-rollout': planned,
      'decide-next': [{ action: 'stand-down', because: 'run 2 is the current one' }],
    });
    expect(status).toBe('SUCCEEDED');
    expect(calls.map(({ to }) => to)).toEqual(['plan-rollout', 'decide-next']);
  });

  test.concurrent.each(['plan-rollout', 'decide-next'])('has it recorded when %s breaks five times', async (folder) => {
    const { status, calls } = await roll(freshId(), {
      'plan-rollout': planned,
      'finish-rollout': over,
      [folder]: [broken],
    });
    expect(status).toBe('SUCCEEDED');
    expect(calls.filter(({ to }) => to === folder)).toHaveLength(5);
    expect(calls.at(-1)).toMatchObject({ to: 'finish-rollout', event: { errored: { error: expect.any(String) } } });
    expectContracts(calls);
  });

  async function roll(rolloutId: string, script: Script): Promise<Run> {
    const input: RolloutRun = { v: 1, rolloutId, run: 1 };
    await functions.script(rolloutId, script);
    return end(await start('rollout', nameOfRun(input), input), rolloutId);
  }
});
