import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ApplyAnswer, DeployerInput, EvidenceAnswer, ObserveAnswer, RollBackAnswer } from '../../contracts/deployer.ts';
import { BeginAnswer, FinishDeploymentInput } from '../../contracts/machines.ts';
import { ROLLOUT } from '../support/items.ts';
import { type Answers, type Call, fileOf, hangs, load, type Played, play, throws } from './scripted.ts';

const FAILURE = {
  code: 'not-ready',
  because: 'Deployment webui is not ready',
  objects: [{ kind: 'Deployment', name: 'webui', because: '0 of 1 ready' }],
};
const begun = (...batches: string[][]) => ({ outcome: 'begun', deployer: 'DeployRelease', batches, because: 'free' });
const applied = { outcome: 'applied', revision: 5, because: 'revision 5' };
const failed = { outcome: 'failed', failure: FAILURE };
const ready = { outcome: 'ready', because: 'all is ready' };
const kept = { outcome: 'kept', key: 'r/dev/2.json' };
const back = { outcome: 'rolled-back', revision: 6, because: 'to revision 4' };
const unreachable = { outcome: 'unreachable', because: 'connection refused' };
const busy = { outcome: 'busy', until: '2026-11-21T10:10:00.000Z', seconds: 40, because: 'still at work' };
const lost = { outcome: 'lost', because: 'another holds the lease' };
const DONE = { FinishDeployment: [{ outcome: 'finished', because: 'recorded' }] };

/** Everything goes well, but for what a test says. */
const run = (
  script: Readonly<Record<string, Answers>>,
  values: Readonly<Record<string, string>> = {},
  onCall: (functionName: string) => void = () => {},
) =>
  play(
    'deployment',
    {
      BeginDeployment: [begun()],
      apply: [applied],
      observe: [ready],
      evidence: [kept],
      'roll-back': [back],
      ...DONE,
      ...script,
    },
    { onCall, integrations: { 'aws-sdk:ssm:getParameters': async (args) => parameters(args, values) } },
  );

function parameters(args: unknown, values: Readonly<Record<string, string>>) {
  const { Names } = args as { Names: string[] };
  const known = Names.filter((name) => name in values);
  return {
    Parameters: known.map((name) => {
      const [Name, version] = name.split(':');
      return { Name, Version: Number(version), Value: values[name], Type: 'String', ARN: 'arn' };
    }),
    InvalidParameters: Names.filter((name) => !(name in values)),
  };
}

const told = ({ calls }: Played) =>
  calls.filter(({ to }) => to === 'FinishDeployment').map(({ payload }) => payload['result']);
const asked = ({ calls }: Played) => calls.map(({ to }) => to);

describe('a look during a soak', () => {
  const looks = {
    outcome: 'looks',
    deployer: 'DeployRelease',
    revision: 5,
    until: '2026-11-21T10:02:00.000Z',
    patience: 4,
    because: 'it soaks',
  };
  const look = (script: Readonly<Record<string, Answers>> = {}) => run({ BeginDeployment: [looks], ...script });

  test.each<[string, Readonly<Record<string, Answers>>, object, readonly string[]]>([
    ['stands well', {}, { is: 'still-ready', because: ready.because }, ['observe']],
    [
      'turned bad',
      { observe: [failed] },
      { is: 'soured', failure: FAILURE, evidence: kept.key },
      ['observe', 'evidence'],
    ],
    [
      'its evidence breaks',
      { observe: [failed], evidence: [throws('Lambda.Unknown')] },
      { is: 'soured', failure: FAILURE },
      ['observe', ...Array(5).fill('evidence')],
    ],
    [
      'is not ready for a while',
      { observe: [{ outcome: 'not-yet', because: '0 of 1' }, ready] },
      { is: 'still-ready', because: ready.because },
      ['observe', 'observe'],
    ],
    [
      'its cluster is silent, a minute long',
      { observe: [unreachable] },
      {
        is: 'errored',
        failure: {
          code: 'unreachable',
          because: 'the cluster did not answer for a minute, observing: connection refused',
        },
      },
      Array(5).fill('observe'),
    ],
  ])('%s', async (_sentence, script, result, operations) => {
    const played = await look(script);
    expect(told(played)).toEqual([result]);
    expect(asked(played)).toEqual(['BeginDeployment', ...operations, 'FinishDeployment']);
    const { payload } = played.calls.find(({ to }) => to === 'observe') ?? {};
    expect(payload).toMatchObject({ after: 'look', revision: 5, until: looks.until });
    expect(ObserveAnswer.safeParse(ready).success && BeginAnswer.safeParse(looks).success).toBe(true);
    expect(FinishDeploymentInput.shape.result.safeParse(result).success).toBe(true);
  });
});

describe('each way to the end', () => {
  const rolledBack = { is: 'rolled-back', failure: FAILURE, revision: 6, evidence: kept.key };
  const worse = (words: string) => ({ ...FAILURE, because: `${FAILURE.because}; ${words}` });
  test.each<[string, Readonly<Record<string, Answers>>, unknown, string[]]>([
    ['ready', {}, { is: 'ready', revision: 5, because: ready.because }, ['apply', 'observe']],
    [
      'unchanged',
      { apply: [{ outcome: 'unchanged', revision: 4, because: 'the same' }] },
      { is: 'unchanged', revision: 4, because: 'the same' },
      ['apply'],
    ],
    ['blocked', { apply: [{ outcome: 'blocked', failure: FAILURE }] }, { is: 'blocked', failure: FAILURE }, ['apply']],
    ['errored', { apply: [{ outcome: 'errored', failure: FAILURE }] }, { is: 'errored', failure: FAILURE }, ['apply']],
    [
      'not ready yet, then ready',
      { observe: [{ outcome: 'not-yet', because: 'starting' }, ready] },
      { is: 'ready', revision: 5, because: ready.because },
      ['apply', 'observe', 'observe'],
    ],
    ['applied badly', { apply: [failed] }, rolledBack, ['apply', 'evidence', 'roll-back', 'observe']],
    ['never ready', { observe: [failed, ready] }, rolledBack, ['apply', 'observe', 'evidence', 'roll-back', 'observe']],
    [
      'a first install that is bad goes away',
      { observe: [failed], 'roll-back': [{ outcome: 'uninstalled', because: 'it was the first' }] },
      { is: 'rolled-back', failure: FAILURE, evidence: kept.key },
      ['apply', 'observe', 'evidence', 'roll-back'],
    ],
    [
      'the roll-back is refused',
      { observe: [failed], 'roll-back': [{ outcome: 'refused', because: 'a volume was made' }] },
      { is: 'failed', failure: worse('not rolled back: a volume was made'), evidence: kept.key },
      ['apply', 'observe', 'evidence', 'roll-back'],
    ],
    [
      'the roll-back is not ready either',
      { observe: [failed, { outcome: 'failed', failure: { code: 'out-of-time', because: 'nor is revision 4' } }] },
      { is: 'failed', failure: worse('after the roll-back: nor is revision 4'), evidence: kept.key },
      ['apply', 'observe', 'evidence', 'roll-back', 'observe'],
    ],
    [
      'evidence that breaks does not hold the roll-back up',
      { observe: [failed, ready], evidence: [throws('TypeError')] },
      { is: 'rolled-back', failure: FAILURE, revision: 6 },
      ['apply', 'observe', ...Array(5).fill('evidence'), 'roll-back', 'observe'],
    ],
  ])('%s', async (_way, script, result, operations) => {
    const played = await run(script);
    expect(played.ended.status).toBe('SUCCEEDED');
    expect(told(played)).toEqual([result]);
    expect(asked(played)).toEqual(['BeginDeployment', ...operations, 'FinishDeployment']);
  });

  test('what was not begun is nobody’s business any more', async () => {
    const played = await run({ BeginDeployment: [{ outcome: 'not-begun', because: 'held' }] });
    expect(asked(played)).toEqual(['BeginDeployment']);
    expect(played.ended.status).toBe('SUCCEEDED');
  });

  test.each(['apply', 'roll-back'])('whoever has lost the lease at %s records nothing', async (operation) => {
    const played = await run({ observe: [failed], [operation]: [lost] });
    expect(told(played)).toEqual([]);
    expect(played.ended.status).toBe('SUCCEEDED');
  });
});

describe('patience', () => {
  test('a busy release is asked again when it may be free', async () => {
    const played = await run({ apply: [busy, busy, applied] });
    expect(told(played)).toMatchObject([{ is: 'ready' }]);
    expect(played.seconds).toBe(80);
  });

  test.each(['apply', 'observe', 'evidence', 'roll-back'])(
    'a cluster out of reach for five minutes at %s is the end',
    async (operation) => {
      const played = await run({ observe: [failed], [operation]: [unreachable] });
      expect(told(played)).toMatchObject([{ is: 'errored', failure: { code: 'unreachable' } }]);
      expect(played.seconds).toBe(300);
      expect(asked(played).filter((to) => to === operation)).toHaveLength(21);
    },
  );

  test.each([
    ['after applying', [{ ...unreachable, code: 'forbidden' }]],
    ['after the roll-back', [failed, { ...unreachable, code: 'forbidden' }]],
  ])(
    'rights lost %s may come back for five minutes; then we are in trouble, and nothing is rolled back for it',
    async (_when, observe) => {
      const played = await run({ observe });
      expect(told(played)).toMatchObject([
        { is: 'errored', failure: { code: 'forbidden', because: expect.stringContaining('rights') } },
      ]);
      expect(played.seconds).toBe(300);
      expect(asked(played).filter((to) => to === 'roll-back')).toHaveLength(observe.length - 1);
    },
  );

  test('rights that come back within five minutes let the roll-back go on; without them the bad release stays and is held', async () => {
    const barred = { ...unreachable, code: 'forbidden' };
    const back5 = await run({ observe: [failed, ready], 'roll-back': [...Array<object>(20).fill(barred), back] });
    expect(told(back5)).toMatchObject([{ is: 'rolled-back', failure: FAILURE, revision: 6 }]);
    const never = await run({ observe: [failed], 'roll-back': [barred] });
    expect(told(never)).toMatchObject([
      {
        is: 'failed',
        failure: { code: FAILURE.code, because: expect.stringContaining('not rolled back') },
        evidence: kept.key,
      },
    ]);
    expect(never.seconds).toBe(300);
  });

  test('a cluster that comes back is gone on with, and the next silence has five minutes of its own', async () => {
    const silence = Array<object>(20).fill(unreachable);
    const played = await run({ apply: [...silence, applied], observe: [...silence, ready] });
    expect(told(played)).toMatchObject([{ is: 'ready' }]);
    expect(played.seconds).toBe(600);
  });

  test.each([
    ['busy for ever', { apply: [busy] }, 101],
    ['not ready for ever', { observe: [{ outcome: 'not-yet', because: 'starting' }] }, 1001],
  ])('%s ends by counting', async (_what, script, most) => {
    const played = await run(script);
    expect(told(played)).toMatchObject([{ is: 'errored', failure: { code: 'internal' } }]);
    const [operation] = Object.keys(script);
    expect(asked(played).filter((to) => to === operation)).toHaveLength(most);
    expect(played.events).toBeLessThan(25_000);
  });
});

describe('our own trouble', () => {
  test.each(['BeginDeployment', 'apply', 'observe', 'roll-back'])(
    '%s that keeps breaking ends errored, in our words',
    async (to) => {
      const played = await run({ observe: [failed], [to]: [throws('Runtime.HandlerError')] });
      const [result] = told(played);
      expect(result).toMatchObject({ is: 'errored', failure: { code: 'internal' } });
      expect(JSON.stringify(result)).toContain('Runtime.HandlerError');
      expect(JSON.stringify(result)).not.toContain('words that stay inside');
    },
  );

  test.each(['BeginDeployment', 'apply', 'observe', 'evidence', 'roll-back', 'FinishDeployment'])(
    '%s that breaks once is tried again',
    async (to) => {
      const usual = {
        BeginDeployment: [begun()],
        apply: [applied],
        observe: [failed, ready],
        evidence: [kept],
        'roll-back': [back],
        ...DONE,
      };
      const answers = (usual as Record<string, Answers>)[to] ?? [];
      const played = await run({ observe: [failed, ready], [to]: [throws('Lambda.Unknown'), ...answers] });
      expect(told(played).at(-1)).toMatchObject({ is: 'rolled-back', evidence: kept.key });
      expect(played.ended.status).toBe('SUCCEEDED');
    },
  );

  test('a function that hangs is given up and tried again', async () => {
    const played = await run({ apply: [hangs, applied] });
    expect(told(played)).toMatchObject([{ is: 'ready' }]);
  });

  test.each(['apply', 'roll-back'])(
    '%s that breaks is called again under another number, and told which calls came to no answer',
    async (operation) => {
      const breaks = [throws('Lambda.ServiceException'), throws('Runtime.ExitError')];
      const well = operation === 'apply' ? applied : back;
      const played = await run({ observe: [failed, ready], [operation]: [...breaks, busy, well] });
      const before = operation === 'apply' ? 0 : 1;
      expect(told(played)).toMatchObject([{ is: 'rolled-back' }]);
      const said = played.calls.filter(({ to }) => to === operation).map(({ payload }) => payload);
      expect(said.map(({ call }) => call)).toEqual([1, 2, 3, 4].map((number) => number + before));
      const first = { call: 1 + before, error: 'Lambda.ServiceException' };
      const both = [first, { call: 2 + before, error: 'Runtime.ExitError' }];
      expect(said.map(({ broken }) => broken)).toEqual([[], [first], both, both]);
    },
  );

  test('a throttled call never began, so it keeps its number', async () => {
    const throttled = throws('Lambda.TooManyRequestsException');
    const played = await run({ apply: [throttled, throttled, applied] });
    const said = played.calls.filter(({ to }) => to === 'apply').map(({ payload }) => payload);
    expect(said.map(({ call, broken }) => [call, broken])).toEqual(Array(3).fill([1, []]));
  });

  test('Finish is told too: whoever died last claims nothing for ever', async () => {
    const played = await run({ apply: [throws('Sandbox.Timedout')] });
    const last = played.calls.at(-1)?.payload;
    expect(last).toMatchObject({ result: { is: 'errored' } });
    expect(last?.['broken']).toEqual([1, 2, 3, 4, 5].map((call) => ({ call, error: 'Sandbox.Timedout' })));
  });

  test('a roll-back has a patience of its own, whatever applying has used up', async () => {
    const four = Array(4).fill(throws('Runtime.ExitError'));
    const played = await run({ observe: [failed, ready], apply: [...four, applied], 'roll-back': [...four, back] });
    expect(told(played)).toMatchObject([{ is: 'rolled-back' }]);
  });

  test('an answer of a later version is our trouble, not silence', async () => {
    const played = await run({ apply: [{ outcome: 'postponed' }] });
    expect(told(played)).toMatchObject([{ is: 'errored', failure: { code: 'internal' } }]);
  });

  test('when even Finish breaks, the execution fails, and EventBridge has its word', async () => {
    const played = await run({ FinishDeployment: [throws('Error')] });
    expect(played.ended.status).toBe('FAILED');
  });

  test('throttling by Parameter Store is waited out, eight times at most', async () => {
    let calls = 0;
    const throttled = throws('Ssm.ThrottlingException');
    const get = async (args: unknown) => (++calls <= 8 ? throttled() : parameters(args, { 'a:1': 'x: 1' }));
    const script = { BeginDeployment: [begun(['a:1'])], apply: [applied], observe: [ready], ...DONE };
    const played = await play('deployment', script, { integrations: { 'aws-sdk:ssm:getParameters': get } });
    expect(told(played)).toMatchObject([{ is: 'ready' }]);
    expect(calls).toBe(9);
  });

  test('values that cannot be pulled end errored, and nothing is touched', async () => {
    const script = { BeginDeployment: [begun(['a:1'])], ...DONE };
    const integrations = { 'aws-sdk:ssm:getParameters': throws('Ssm.ThrottlingException') };
    const played = await play('deployment', script, { integrations });
    const because = expect.stringContaining('pulling values broke off (Ssm.ThrottlingException)');
    expect(told(played)).toMatchObject([{ is: 'errored', failure: { code: 'internal', because } }]);
    expect(asked(played)).toEqual(['BeginDeployment', 'FinishDeployment']);
  });
});

describe('values', () => {
  const SECRET = 'replicas: 3 # seen by apply alone';
  const values = { '/v/a:1': SECRET, '/v/b:7': SECRET };
  const batches = begun(['/v/a:1', '/v/gone:2'], ['/v/b:7']);

  test('come at their frozen versions, with the names that Parameter Store does not know', async () => {
    const played = await run({ BeginDeployment: [batches] }, values);
    const apply = played.calls.find(({ to }) => to === 'apply')?.payload;
    expect(apply).toEqual({
      v: 1,
      rolloutId: ROLLOUT,
      environment: 'dev',
      attempt: 2,
      operation: 'apply',
      call: 1,
      broken: [],
      values: [
        { name: '/v/a', version: 1, value: SECRET },
        { name: '/v/b', version: 7, value: SECRET },
      ],
      invalid: ['/v/gone:2'],
    });
  });

  test('are at hand for every try to apply, and nowhere else', async () => {
    const observe = [failed, ready];
    const played = await run({ BeginDeployment: [batches], apply: [busy, unreachable, applied], observe }, values);
    const holding = played.calls.filter(({ payload }) => JSON.stringify(payload).includes(SECRET));
    expect(holding.map(({ to }) => to)).toEqual(['apply', 'apply', 'apply']);
    expect(JSON.stringify(played.ended.output)).not.toContain(SECRET);
  });

  test('are dropped as soon as they are applied', async () => {
    const played = await run({ BeginDeployment: [batches] }, values);
    const holding = played.path.filter(({ input }) => JSON.stringify(input).includes(SECRET));
    expect(holding.map(({ state }) => state)).toEqual(['Apply release']);
  });
});

describe('every outcome of the contract', () => {
  const outcomes = (answer: { options: readonly { shape: { outcome: { value: string } } }[] }) =>
    answer.options.map(({ shape }) => shape.outcome.value);
  const cases = [
    ...outcomes(BeginAnswer).map((outcome) => ['Begun?', outcome] as const),
    ...outcomes(ApplyAnswer).map((outcome) => ['Applied?', outcome] as const),
    ...outcomes(ObserveAnswer).map((outcome) => ['Ready?', outcome] as const),
    ...outcomes(EvidenceAnswer).map((outcome) => ['Kept?', outcome] as const),
    ...outcomes(RollBackAnswer).map((outcome) => ['Rolled back?', outcome] as const),
  ];

  test.each(cases.filter(([, outcome]) => outcome !== 'not-begun'))('%s knows %s', (choice, outcome) => {
    const state = load('deployment').States[choice];
    const conditions = state?.Type === 'Choice' ? state.Choices.map(({ Condition }) => Condition) : [];
    expect(conditions.some((condition) => condition.includes(`outcome = '${outcome}'`))).toBe(true);
  });
});

describe('whatever the functions say', () => {
  const trouble = fc.constantFrom<Answers[number]>(throws('Lambda.Unknown'), throws('Error'), hangs);
  const answers = (...some: object[]) =>
    fc.array(
      fc.oneof({ weight: 5, arbitrary: fc.constantFrom<Answers[number]>(...some) }, { weight: 1, arbitrary: trouble }),
      {
        maxLength: 8,
      },
    );
  const notYet = { outcome: 'not-yet', because: 'starting' };
  const unchanged = { outcome: 'unchanged', revision: 4, because: 'the same' };
  const blocked = { outcome: 'blocked', failure: FAILURE };
  const refused = { outcome: 'refused', because: 'unsafe' };
  const gone = { outcome: 'uninstalled', because: 'first' };
  const script = fc.record({
    BeginDeployment: answers(begun(), begun(['/v/a:1'])).map((some) => [...some, begun()]),
    apply: answers(applied, unchanged, blocked, failed, busy, unreachable, lost).map((some) => [...some, applied]),
    observe: answers(ready, notYet, failed, unreachable, { ...unreachable, code: 'forbidden' }).map((some) => [
      ...some,
      ready,
    ]),
    evidence: answers(kept, unreachable).map((some) => [...some, kept]),
    'roll-back': answers(back, gone, refused, busy, unreachable, { ...unreachable, code: 'forbidden' }, lost).map(
      (some) => [...some, back],
    ),
  });

  test('it ends, and Finish has had the last word, unless the lease was lost', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (some) => {
        const played = await run(some, { '/v/a:1': 'a: 1' });
        expect(played.ended.status).toBe('SUCCEEDED');
        expect(played.events).toBeLessThan(25_000);
        const last = played.calls.at(-1);
        if (last?.to === 'FinishDeployment') FinishDeploymentInput.parse(last.payload);
        else expect(['apply', 'roll-back']).toContain(last?.to);
        for (const call of played.calls) expectContract(call);
        expectOrder(asked(played));
      }),
      { numRuns: 60 },
    );
  });

  /** Parsed as it stands: a field that nobody knows would be data that nobody needs. */
  function expectContract({ to, payload }: Call) {
    if (to === 'BeginDeployment')
      expect(Object.keys(payload).toSorted()).toEqual(['attempt', 'environment', 'rolloutId', 'v']);
    else if (to !== 'FinishDeployment') expect(DeployerInput.parse(payload)).toEqual(payload);
  }

  /** Evidence before roll-back, and nothing is applied after it. */
  function expectOrder(names: readonly string[]) {
    const roll = names.indexOf('roll-back');
    if (roll === -1) return;
    expect(names.slice(0, roll)).toContain('evidence');
    expect(names.slice(roll)).not.toContain('apply');
  }
});

test('every call of the deployer goes to the one that Begin has named, whatever else there is', async () => {
  const names = new Set<string>();
  const named = { ...begun(), deployer: 'DeployReleasePrivate' };
  await run({ BeginDeployment: [named], observe: [failed, ready] }, {}, (name) => names.add(name));
  expect([...names].toSorted()).toEqual(['BeginDeployment', 'DeployReleasePrivate', 'FinishDeployment']);
});

test('the placeholders are what the CDK app fills in', () => {
  const names = [...fileOf('deployment').matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
  expect([...new Set(names)].toSorted()).toEqual(['BeginDeploymentArn', 'FinishDeploymentArn']);
});
