import { describe, expect, test } from 'vitest';
import { AslFailure } from '../../../local/asl/failure.ts';
import { aslRunner } from '../../../local/asl/runner.ts';
import { NothingLeft, virtualTime } from '../../../local/asl/virtual-time.ts';
import { ARN, call, machineOf, runnerOf, START } from './support.ts';

const END = { Type: 'Succeed' };

describe('data and variables', () => {
  test('Output and Assign see the variables as they were before the state', async () => {
    const machine = machineOf({
      A: { Type: 'Pass', Assign: { n: 1 }, Next: 'B' },
      B: { Type: 'Pass', Assign: { n: '{% $n + 1 %}', was: '{% $n %}' }, Output: { out: '{% $n %}' }, Next: 'C' },
      C: { Type: 'Pass', Output: { n: '{% $n %}', was: '{% $was %}', out: '{% $states.input.out %}' }, Next: 'D' },
      D: END,
    });
    expect(await runnerOf(machine).run()).toMatchObject({ status: 'SUCCEEDED', output: { n: 2, was: 1, out: 1 } });
  });

  test('an expression without a result fails, and so does a variable that nobody has set', async () => {
    for (const expression of ['{% $states.input.nothing %}', '{% $nobody %}']) {
      const machine = machineOf({ A: { Type: 'Pass', Output: expression, End: true } });
      expect(await runnerOf(machine).run()).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
    }
  });

  test('an array of one stays an array on its way', async () => {
    const machine = machineOf({ A: { Type: 'Pass', Output: { list: '{% $states.input.list %}' }, End: true } });
    for (const list of [[], ['one'], [['one']], [['one'], ['two']]])
      expect(await runnerOf(machine).run({ list })).toMatchObject({ output: { list } });
  });

  test('the first rule that is met decides, and its Assign holds; the default has its own', async () => {
    const rule = { Condition: '{% $states.input.n > 1 %}', Assign: { way: 'rule' }, Next: 'Out' };
    const machine = machineOf({
      A: { Type: 'Choice', Choices: [rule], Assign: { way: 'default' }, Default: 'Out' },
      Out: { Type: 'Pass', Output: '{% $way %}', End: true },
    });
    expect(await runnerOf(machine).run({ n: 2 })).toMatchObject({ output: 'rule' });
    expect(await runnerOf(machine).run({ n: 1 })).toMatchObject({ output: 'default' });
  });

  test('what is larger than 256 KiB does not travel, and nothing catches that', async () => {
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'B' }];
    const machine = machineOf({ A: call({ Catch, Next: 'B' }), B: END });
    const invoke = async () => 'x'.repeat(262_144);
    expect(await runnerOf(machine, { invoke }).run()).toMatchObject({
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
    });
  });
});

describe('tasks in trouble', () => {
  const failing = (times: number, error: string) => {
    let calls = 0;
    return async () => {
      calls += 1;
      if (calls <= times) throw new AslFailure(error, 'trouble');
      return { calls };
    };
  };
  const Retry = [
    { ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 3, MaxDelaySeconds: 10 },
  ];

  test('retries come after growing pauses, which have a limit', async () => {
    const { run, seconds } = runnerOf(machineOf({ A: call({ Retry, End: true }) }), { invoke: failing(3, 'Any') });
    expect(await run()).toMatchObject({ output: { calls: 4 } });
    expect(seconds()).toBe(2 + 6 + 10);
  });

  test('full jitter takes a part of the pause', async () => {
    const jittered = [{ ...Retry[0], JitterStrategy: 'FULL' }];
    const machine = machineOf({ A: call({ Retry: jittered, End: true }) });
    const { run, seconds } = runnerOf(machine, { invoke: failing(3, 'Any'), random: () => 0.5 });
    await run();
    expect(seconds()).toBe((2 + 6 + 10) / 2);
  });

  test('when retries are used up, the first catcher that fits takes over', async () => {
    const Catch = [
      { ErrorEquals: ['Other'], Next: 'B' },
      { ErrorEquals: ['States.ALL'], Assign: { error: '{% $states.errorOutput.Error %}' }, Output: {}, Next: 'B' },
    ];
    const machine = machineOf({
      A: call({ Retry, Catch, End: true }),
      B: { Type: 'Pass', Output: '{% $error %}', End: true },
    });
    expect(await runnerOf(machine, { invoke: failing(9, 'Any') }).run()).toMatchObject({ output: 'Any' });
  });

  test('a failure that nobody catches fails the execution by its name', async () => {
    const invoke = async () => {
      throw Object.assign(new Error('gone'), { name: 'RolloutNotFound' });
    };
    const ended = await runnerOf(machineOf({ A: call({ End: true }) }), { invoke }).run();
    expect(ended).toMatchObject({ status: 'FAILED', error: 'RolloutNotFound' });
  });

  test('States.TaskFailed does not mean a timeout', async () => {
    const never = () => new Promise<never>(() => undefined);
    const Catch = [{ ErrorEquals: ['States.TaskFailed'], Next: 'B' }];
    const machine = machineOf({ A: call({ TimeoutSeconds: 30, Retry, Catch, End: true }), B: END });
    const { run, seconds } = runnerOf(machine, { invoke: never });
    expect(await run()).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(seconds()).toBe(30);
  });
});

describe('waits', () => {
  test('a Wait takes its time and passes its input on', async () => {
    const machine = machineOf({ A: { Type: 'Wait', Seconds: '{% $states.input.s %}', End: true } });
    const { run, seconds } = runnerOf(machine);
    expect(await run({ s: 90 })).toMatchObject({ output: { s: 90 } });
    expect(seconds()).toBe(90);
  });

  const waiting = machineOf({
    A: {
      ...call({ Arguments: { FunctionName: 'f', Payload: '{% $states.context.Task.Token %}' } }),
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      TimeoutSeconds: 60,
      Catch: [{ ErrorEquals: ['States.Timeout'], Output: 'late', Next: 'B' }],
      Output: '{% $states.result %}',
      End: true,
    },
    B: END,
  });

  test('a token ends the wait with its answer, once', async () => {
    const tokens: string[] = [];
    const invoke = async (_: string, token: unknown) => tokens.push(String(token));
    const { runner, time } = runnerOf(waiting, { invoke });
    const execution = runner.start(ARN, 'one', {});
    await time.run(time.sleep(10).over);
    expect(runner.sendTaskSuccess(String(tokens[0]), 'woken')).toBe('woken');
    expect(runner.sendTaskSuccess(String(tokens[0]), 'again')).toBe('gone');
    expect(await time.run(execution.ended)).toMatchObject({ output: 'woken' });
  });

  test('a function that answers its own token ends its own wait', async () => {
    const { runner, run, seconds } = runnerOf(waiting, {
      invoke: async (_, token) => runner.sendTaskSuccess(String(token), 'myself'),
    });
    expect(await run()).toMatchObject({ output: 'myself' });
    expect(seconds()).toBe(0);
  });

  test('after its timeout the token is gone', async () => {
    const tokens: string[] = [];
    const { runner, run } = runnerOf(waiting, { invoke: async (_, token) => tokens.push(String(token)) });
    expect(await run()).toMatchObject({ output: 'late' });
    expect(runner.sendTaskSuccess(String(tokens[0]), {})).toBe('gone');
  });
});

describe('Maps', () => {
  const mapped = (processor: object, more: object = {}) =>
    machineOf({
      Begin: { Type: 'Pass', Assign: { outer: 'seen' }, Next: 'M' },
      M: {
        Type: 'Map',
        Items: '{% $states.input.items %}',
        ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'I', States: { I: processor } },
        ...more,
        End: true,
      },
    });

  test('results come in the order of the items, and inner states see the variables around them', async () => {
    const machine = mapped({ Type: 'Pass', Output: "{% $outer & ' ' & $states.input %}", End: true });
    expect(await runnerOf(machine).run({ items: ['a', 'b'] })).toMatchObject({ output: ['seen a', 'seen b'] });
    expect(await runnerOf(machine).run({ items: [] })).toMatchObject({ output: [] });
  });

  test('no more than MaxConcurrency run at once', async () => {
    const machine = mapped({ Type: 'Wait', Seconds: 10, End: true }, { MaxConcurrency: '{% 2 %}' });
    const { run, seconds } = runnerOf(machine);
    await run({ items: [1, 2, 3, 4, 5] });
    expect(seconds()).toBe(30);
  });

  test('one iteration that fails is the failure of the Map, after all have ended', async () => {
    const invoke = async (_: string, payload: unknown) => {
      if (payload === 'bad') throw new AslFailure('Bad', '');
      return payload;
    };
    const { run, runner } = runnerOf(mapped(call({ End: true })), { invoke });
    expect(await run({ items: ['bad', 'good'] })).toMatchObject({ status: 'FAILED', error: 'Bad' });
    expect(runner.executions[0]?.visited).toEqual(['Begin', 'M', 'I', 'I']);
  });

  test('a variable of the scope around cannot be assigned inside', async () => {
    const machine = mapped({ Type: 'Pass', Assign: { outer: 1 }, End: true });
    expect(await runnerOf(machine).run({ items: [1] })).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});

describe('executions', () => {
  const slow = machineOf({ A: { Type: 'Wait', Seconds: 60, Next: 'B' }, B: END });

  test('the same start is the same execution; a used name is refused', async () => {
    const { runner, time } = runnerOf(slow);
    const first = runner.start(ARN, 'one', { n: 1 });
    expect(runner.start(ARN, 'one', { n: 1 })).toBe(first);
    expect(() => runner.start(ARN, 'one', { n: 2 })).toThrow(/used already/);
    await time.run(first.ended);
    expect(() => runner.start(ARN, 'one', { n: 1 })).toThrow(/used already/);
  });

  test('stopping ends it where it stands, past every Catch, and is told', async () => {
    const told: string[] = [];
    const { runner, time } = runnerOf(slow, { onEnd: ({ name, status }) => told.push(`${name} ${status}`) });
    const execution = runner.start(ARN, 'one', {});
    await time.run(time.sleep(5).over);
    runner.stop(execution);
    expect(await time.run(execution.ended)).toMatchObject({ status: 'ABORTED' });
    expect(execution.visited).toEqual(['A']);
    expect(told).toEqual(['one ABORTED']);
  });

  test("a machine's own time limit ends it", async () => {
    const machine = machineOf({ A: { Type: 'Wait', Seconds: 60, End: true } }, { TimeoutSeconds: 30 });
    const { run, seconds } = runnerOf(machine);
    expect(await run()).toMatchObject({ status: 'TIMED_OUT' });
    expect(seconds()).toBe(30);
  });

  test('a loop without an end meets the limit of 25,000 events', async () => {
    const machine = machineOf({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Wait', Seconds: 1, Next: 'A' } });
    expect(await runnerOf(machine).run()).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });

  test('a child gives its output, or fails its parent', async () => {
    const CHILD = `${ARN}-child`;
    const time = virtualTime(START);
    const parent = machineOf({
      A: {
        Type: 'Task',
        Resource: 'arn:aws:states:::states:startExecution.sync:2',
        Arguments: { StateMachineArn: CHILD, Name: '{% $states.input.name %}', Input: '{% $states.input %}' },
        Output: '{% $states.result.Output %}',
        Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'B' }],
        End: true,
      },
      B: END,
    });
    const child = machineOf({
      A: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.bad %}', Next: 'Bad' }], Default: 'Good' },
      Bad: { Type: 'Fail', Error: 'Broken' },
      Good: { Type: 'Pass', Output: 'good', End: true },
    });
    const machines = { [ARN]: parent, [CHILD]: child };
    const runner = aslRunner({ machines, time, invoke: async () => ({}), integrations: {} });
    const output = async (input: { name: string; bad: boolean }) =>
      (await time.run(runner.start(ARN, input.name, input).ended)).output;
    expect(await output({ name: 'a', bad: false })).toBe('good');
    expect(await output({ name: 'b', bad: true })).toBe('States.TaskFailed');
  });

  test('work that nothing will ever end is said to be so', async () => {
    const time = virtualTime(START);
    await expect(time.run(new Promise(() => undefined))).rejects.toThrow(NothingLeft);
  });
});
