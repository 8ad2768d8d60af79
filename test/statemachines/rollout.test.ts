import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type DecideAnswer,
  DecideInput,
  FinishRolloutInput,
  RolloutRun,
  StoreWaitInput,
  Try,
  WAIT_STEPS,
} from '../../contracts/machines.ts';
import { MOST_ROUNDS } from '../../domain/rollout/decide-next.ts';
import { ROLLOUT } from '../support/items.ts';
import { type Answers, type Call, fileOf, hangs, load, type Played, play, throws } from './scripted.ts';

const RUN = { v: 1, rolloutId: ROLLOUT, run: 1 };
const because = 'because';
const finish: DecideAnswer = { action: 'finish', because };
const standDown: DecideAnswer = { action: 'stand-down', because };
const wait = (seconds: (typeof WAIT_STEPS)[number]): DecideAnswer => ({
  action: 'wait',
  on: 'queue',
  seconds,
  because,
});
const deploy = (...environments: string[]): DecideAnswer => ({
  action: 'deploy',
  maxParallel: 2,
  deployments: environments.map((environment) => ({ environment, attempt: 1, name: `${ROLLOUT}-${environment}-1` })),
  because,
});
const stored = { stored: 'stored' };
const wakes = ({ payload }: Call, wake: (token: unknown) => void) => {
  wake(payload['token']);
  return stored;
};

const run = (script: Readonly<Record<string, Answers>>) =>
  play('rollout', {
    PlanRollout: [{ outcome: 'planned' }],
    DecideNext: [finish],
    StoreWait: [stored],
    FinishRollout: [{ outcome: 'finished' }],
    Child: [{}],
    ...script,
  });
const asked = ({ calls }: Played) => calls.map(({ to }) => to);
const payloads = ({ calls }: Played, name: string) =>
  calls.filter(({ to }) => to === name).map(({ payload }) => payload);

describe('the way of a run', () => {
  test('plan, decide, deploy, decide, finish', async () => {
    const played = await run({ DecideNext: [deploy('dev', 'test'), finish] });
    expect(asked(played)).toEqual(['PlanRollout', 'DecideNext', 'Child', 'Child', 'DecideNext', 'FinishRollout']);
    expect(payloads(played, 'PlanRollout')).toEqual([RUN]);
    expect(payloads(played, 'FinishRollout')).toEqual([RUN]);
    expect(played.ended.status).toBe('SUCCEEDED');
  });

  test('a deployment gets its try and who started it', async () => {
    const played = await run({ DecideNext: [deploy('dev'), finish] });
    const { AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: by, ...input } = payloads(played, 'Child')[0] ?? {};
    expect(Try.parse(input)).toEqual({ v: 1, rolloutId: ROLLOUT, environment: 'dev', attempt: 1 });
    expect(input).toEqual(Try.parse(input));
    expect(by).toBe(played.ended.arn);
  });

  test('a refused plan goes to Finish with its reason, and nothing is decided', async () => {
    const refused = { code: 'chart-not-found', because: 'there is no webui 9.9.9' };
    const played = await run({ PlanRollout: [{ outcome: 'refused', ...refused }] });
    expect(asked(played)).toEqual(['PlanRollout', 'FinishRollout']);
    expect(payloads(played, 'FinishRollout')).toEqual([{ ...RUN, refused }]);
  });

  test('what is not over yet is decided again', async () => {
    const played = await run({ FinishRollout: [{ outcome: 'not-yet' }, { outcome: 'finished' }] });
    expect(asked(played)).toEqual(['PlanRollout', 'DecideNext', 'FinishRollout', 'DecideNext', 'FinishRollout']);
  });

  test('a refusal that was not taken is not repeated', async () => {
    const refused = { outcome: 'refused', code: 'internal', because };
    const played = await run({
      PlanRollout: [refused],
      FinishRollout: [{ outcome: 'not-yet' }, { outcome: 'finished' }],
    });
    expect(payloads(played, 'FinishRollout')).toEqual([expect.objectContaining({ refused: expect.anything() }), RUN]);
  });

  test('who stands down does nothing more', async () => {
    const played = await run({ DecideNext: [standDown] });
    expect(asked(played)).toEqual(['PlanRollout', 'DecideNext']);
    expect(played.ended.status).toBe('SUCCEEDED');
  });

  test('an execution that fails, or a name that was used, is left to the next decision', async () => {
    const again = deploy('dev', 'test');
    const played = await run({ DecideNext: [again, again, finish], Child: [throws('Error')] });
    expect(asked(played).slice(-2)).toEqual(['DecideNext', 'FinishRollout']);
    expect(payloads(played, 'Child')).toHaveLength(2);
    expect(played.ended.status).toBe('SUCCEEDED');
  });
});

describe('waits', () => {
  test.each(WAIT_STEPS)('a wait of %i seconds ends by itself after them', async (seconds) => {
    const played = await run({ DecideNext: [wait(seconds), finish] });
    expect(played.seconds).toBe(seconds);
    expect(asked(played)).toEqual(['PlanRollout', 'DecideNext', 'StoreWait', 'DecideNext', 'FinishRollout']);
    const { token, ...turn } = payloads(played, 'StoreWait')[0] ?? {};
    expect(turn).toEqual({ ...RUN, round: 1 });
    expect(token).toBeTypeOf('string');
  });

  test('whoever has the token ends it sooner', async () => {
    const played = await run({ DecideNext: [wait(14_400), finish], StoreWait: [wakes] });
    expect(played.seconds).toBe(0);
    expect(asked(played).at(-1)).toBe('FinishRollout');
  });

  test('a wait that cannot be stored is looked at again in a minute', async () => {
    const played = await run({ DecideNext: [wait(14_400), finish], StoreWait: [throws('Error')] });
    expect(asked(played).filter((to) => to === 'StoreWait')).toHaveLength(4);
    expect(played.seconds).toBe(1 + 2 + 4 + 60);
  });
});

describe('our own trouble', () => {
  test.each(['PlanRollout', 'DecideNext', 'FinishRollout'])(
    '%s that keeps breaking is recorded as errored',
    async (to) => {
      let left = 5;
      const breaks = (call: Call) => {
        if (call.payload['errored'] !== undefined) return { outcome: 'finished' };
        left -= 1;
        return throws('Runtime.HandlerError')();
      };
      const played = await run({ FinishRollout: [{ outcome: 'finished' }], [to]: [breaks] });
      expect(left).toBe(0);
      const last = FinishRolloutInput.parse(payloads(played, 'FinishRollout').at(-1));
      expect(last.errored?.error).toBe('Runtime.HandlerError');
      expect(JSON.stringify(last)).not.toContain('words that stay inside');
      expect(played.ended.status).toBe('SUCCEEDED');
    },
  );

  test.each(['PlanRollout', 'DecideNext', 'FinishRollout'])(
    '%s that hangs or breaks once is tried again',
    async (to) => {
      const usual = { PlanRollout: { outcome: 'planned' }, DecideNext: finish, FinishRollout: { outcome: 'finished' } };
      const played = await run({
        [to]: [hangs, throws('Lambda.Unknown'), (usual as Record<string, object>)[to] ?? {}],
      });
      expect(payloads(played, 'FinishRollout').at(-1)).toEqual(RUN);
      expect(played.ended.status).toBe('SUCCEEDED');
    },
  );

  test('when even that breaks, the execution fails, and EventBridge has its word', async () => {
    const played = await run({ FinishRollout: [throws('Error')] });
    expect(played.ended.status).toBe('FAILED');
  });

  test('a decision of a later version is our trouble, not silence', async () => {
    const played = await run({ DecideNext: [{ action: 'dance', because }] });
    expect(payloads(played, 'FinishRollout')).toMatchObject([{ errored: { error: 'UnknownDecision' } }]);
  });
});

describe('long rollouts', () => {
  /** Decides `answer` until it is told that the rounds are used up. */
  const until = (answer: DecideAnswer) => (call: Call) =>
    DecideInput.parse(call.payload).round >= MOST_ROUNDS ? standDown : answer;

  test('rounds are counted, and deployments count for what they take of the history', async () => {
    const played = await run({ DecideNext: [wait(5), deploy('dev', 'test', 'prod'), wait(5), finish] });
    const rounds = payloads(played, 'DecideNext').map(({ round }) => round);
    expect(rounds).toEqual([1, 2, 5, 6]);
  });

  const ninety = Array.from({ length: 90 }, (_, i) => `env-${i}`);
  test.each([
    ['waits', wait(5)],
    ['single deployments', deploy('dev')],
    ['ninety deployments', deploy(...ninety)],
  ])('before the history is full the next run takes over: %s', async (_what, answer) => {
    const played = await run({ DecideNext: [until(answer)] });
    expect(played.ended.status).toBe('SUCCEEDED');
    expect(played.events).toBeLessThan(25_000);
  });
});

describe('whatever the functions say', () => {
  const trouble = fc.constantFrom<Answers[number]>(throws('Lambda.Unknown'), hangs);
  const answers = (...some: (object | Answers[number])[]) =>
    fc.array(
      fc.oneof({ weight: 6, arbitrary: fc.constantFrom<Answers[number]>(...some) }, { weight: 1, arbitrary: trouble }),
      { maxLength: 10 },
    );
  const script = fc.record({
    PlanRollout: answers({ outcome: 'planned' }, { outcome: 'refused', code: 'place-taken', because }).map((some) => [
      ...some,
      { outcome: 'planned' },
    ]),
    DecideNext: answers(deploy('dev'), deploy('a', 'b'), wait(5), wait(300), finish, standDown).map((some) => [
      ...some,
      finish,
    ]),
    StoreWait: answers(stored, wakes),
    Child: answers({}, throws('Error')),
    FinishRollout: answers({ outcome: 'finished' }, { outcome: 'not-yet' }, { outcome: 'already-over' }).map((some) => [
      ...some,
      { outcome: 'finished' },
    ]),
  });
  const shapes = {
    PlanRollout: RolloutRun,
    DecideNext: DecideInput,
    StoreWait: StoreWaitInput,
    FinishRollout: FinishRolloutInput,
  };

  test('it ends, and Finish or standing down was the last word', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (some) => {
        const played = await run({ ...some, StoreWait: [...some.StoreWait, stored], Child: [...some.Child, {}] });
        expect(played.ended.status).toBe('SUCCEEDED');
        expect(['FinishRollout', 'DecideNext']).toContain(asked(played).at(-1));
        for (const { to, payload } of played.calls) {
          const shape = (shapes as Record<string, typeof RolloutRun>)[to];
          if (shape !== undefined) expect(shape.parse(payload)).toEqual(payload);
        }
      }),
      { numRuns: 60 },
    );
  });
});

test('every step of waiting has its state, with a number for a time limit', () => {
  const limits = Object.values(load('rollout').States).flatMap((state) =>
    state.Type === 'Task' && state.Resource.endsWith('.waitForTaskToken') ? [state.TimeoutSeconds] : [],
  );
  expect(limits).toEqual([...WAIT_STEPS]);
});

test('the placeholders are what the CDK app fills in', () => {
  const names = [...fileOf('rollout').matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
  expect([...new Set(names)].toSorted()).toEqual([
    'DecideNextArn',
    'DeploymentMachineArn',
    'FinishRolloutArn',
    'PlanRolloutArn',
    'StoreWaitArn',
  ]);
});
