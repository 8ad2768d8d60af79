import { describe, expect, it, vi } from 'vitest';
import { EXIT } from '../../contracts/outcome-table.ts';
import {
  aDeployment,
  anEvent,
  type Got,
  type Job,
  type JobOptions,
  ROLLOUT,
  runJob,
  SECRET_KEY,
  SESSION_TOKEN,
  type Trouble,
} from './support.ts';

const START = 'POST /packages/webui/rollouts';
const starts = ({ got }: Job) => got.filter(({ method }) => method === 'POST');
const keysOf = (job: Job) => new Set(starts(job).map(({ headers }) => headers['idempotency-key']));
const problem = (type: string, status: number, detail = 'because') => ({
  status,
  body: { type: `https://fairlead.dev/problems/${type}`, title: 'Some title', status, detail },
});
const bad = (more: object = {}) => ({
  state: 'failed',
  outcome: { code: 'stage-failed', because: 'stage first failed' },
  deployments: [
    aDeployment({
      state: 'rolled-back',
      evidence: true,
      outcome: {
        code: 'not-ready',
        because: 'pod web-1 crashes',
        objects: [{ kind: 'Pod', name: 'web-1', because: 'exit 1' }],
      },
      ...more,
    }),
  ],
});

describe('a step', () => {
  it('starts the rollout, follows it to its end and tells how it went', async () => {
    const job = await runJob({
      with: { values: '{"image": {"tag": "abc"}}', targets: '[{"target": {"ring": "dev"}}]' },
    });
    expect([job.code, job.outputs]).toEqual([
      0,
      { rollout: ROLLOUT, state: 'succeeded', url: expect.stringContaining('https://console') },
    ]);
    expect(starts(job)).toMatchObject([
      {
        path: '/packages/webui/rollouts',
        headers: { 'x-amz-security-token': SESSION_TOKEN, authorization: expect.stringContaining('ASIA') },
        body: {
          version: '1.4.2',
          values: { image: { tag: 'abc' } },
          targets: [{ target: { ring: 'dev' }, wait: false }],
          claimed: { repository: 'acme/webui', runId: '1', actor: 'octocat' },
        },
      },
    ]);
    expect(job.summary).toContain('<td><code>dev</code></td>');
    expect(job.summary).toContain('<a href="https://console.aws.amazon.com');
  });

  it('fails with the exit code of the outcome, an annotation and the first lines of the evidence', async () => {
    const job = await runJob({
      rollout: bad(),
      evidence: ['Pod web-1: CrashLoopBackOff', 'log: no database'],
      events: [{ events: [anEvent(1)], state: 'failed' }],
    });
    expect([job.code, job.outputs.state]).toEqual([EXIT.failure, 'failed']);
    expect(job.said).toContain('error webui in dev: rolled-back: pod web-1 crashes');
    expect(job.summary).toContain('<pre>Pod web-1: CrashLoopBackOff&#10;log: no database</pre>');
  });

  it('shows the objects at fault when the evidence cannot be read, and keeps its exit code', async () => {
    const job = await runJob({
      rollout: bad(),
      events: [{ events: [], state: 'failed' }],
      api: { [`GET /packages/webui/rollouts/${ROLLOUT}/deployments`]: [problem('not-found', 404)] },
    });
    expect(job.code).toBe(EXIT.failure);
    expect(job.summary).toContain('Pod web-1: exit 1');
  });

  it.each<[string, object, number]>([
    ['aborted', { state: 'aborted' }, EXIT['superseded or aborted']],
    ['superseded', { state: 'superseded' }, EXIT['superseded or aborted']],
    ['errored', { state: 'errored', outcome: { code: 'internal', because: 'x' } }, EXIT.error],
    [
      'of a code that is newer than the Action',
      { state: 'failed', outcome: { code: 'brand-new', because: 'x' } },
      EXIT.failure,
    ],
    [
      'failed by values alone',
      { ...bad({ outcome: { code: 'values-broken', because: 'x' } }) },
      EXIT['values or template'],
    ],
  ])('of a rollout that is %s gives its exit code', async (_what, rollout, code) => {
    const state = 'state' in rollout ? String(rollout.state) : '';
    expect((await runJob({ rollout, events: [{ events: [], state }] })).code).toBe(code);
  });

  it('prints the events of a stage as a group, also of a kind that is newer than itself', async () => {
    const { said } = await runJob({
      events: [
        {
          events: [anEvent(1, { kind: 'rollout-planned' }), anEvent(2, { stage: 'first', environment: 'dev' })],
          state: 'running',
        },
        { events: [anEvent(3, { stage: 'first', kind: 'brand-new' }), anEvent(4)], state: 'succeeded' },
      ],
    });
    const from = said.findIndex((line) => line.endsWith('event 1'));
    expect(said.slice(from, from + 6)).toEqual([
      '10:00:00 rollout-planned: event 1',
      'group stage first',
      '10:00:00 stage-started dev: event 2',
      '10:00:00 brand-new: event 3',
      'endgroup',
      '10:00:00 stage-started: event 4',
    ]);
  });

  it('that does not wait ends once the rollout is accepted', async () => {
    const job = await runJob({ with: { wait: 'false' }, rollout: { state: 'running', outcome: undefined } });
    expect([job.code, job.outputs]).toMatchObject([0, { rollout: ROLLOUT, state: 'running' }]);
    expect(job.got.some(({ path }) => path.includes('/events'))).toBe(false);
  });

  it('out of time ends with 9, the last state and the link; the rollout goes on', async () => {
    const job = await runJob({
      with: { 'timeout-minutes': '0.5' },
      rollout: { state: 'running', outcome: undefined },
      events: [{ events: [], state: 'running' }],
    });
    expect([job.code, job.outputs.state]).toEqual([EXIT.timeout, 'running']);
    expect(job.said.join('\n')).toMatch(
      /out of time: .* not over after 0.5 minutes, it is running and goes on\. See it: https:/,
    );
    expect(job.clock - Date.parse('2026-11-21T10:00:00Z')).toBeLessThan(40_000);
    expect(job.got.some(({ path }) => path.includes('/abort'))).toBe(false);
  });
});

describe('a cancelled job', () => {
  const cancelling: JobOptions = {
    rollout: { state: 'running', outcome: undefined },
    events: [{ events: [], state: 'running' }],
    onCall: (job, { path }) => path.includes('/events') && job.cancel.abort(),
  };

  it('aborts its rollout when it was told to', async () => {
    const job = await runJob({ ...cancelling, with: { 'abort-on-cancel': 'true' } });
    expect(job.code).toBe(EXIT['superseded or aborted']);
    expect(starts(job).at(-1)).toMatchObject({
      path: `/packages/webui/rollouts/${ROLLOUT}/abort`,
      body: { reason: 'its job was cancelled (acme/webui, run 1)' },
    });
  });

  it('leaves it alone otherwise, and says so', async () => {
    const job = await runJob(cancelling);
    expect(job.code).toBe(EXIT.interrupted);
    expect(starts(job)).toHaveLength(1);
    expect(job.said.join('\n')).toContain(`rollout ${ROLLOUT} goes on. Stop it with 'fairlead abort webui ${ROLLOUT}'`);
  });

  it('says when the abort was not accepted', async () => {
    const api = { [`${START}/${ROLLOUT}/abort`]: [problem('already-over', 409, 'it is over')] };
    const job = await runJob({ ...cancelling, api, with: { 'abort-on-cancel': 'true' } });
    expect(job.said.join('\n')).toMatch(/the abort of rollout .* was not accepted: .*it is over/);
  });

  it('says that a rollout may stand whose start was not answered', async () => {
    const cancel = (job: Job, { method }: Got) => void (method === 'POST' && job.cancel.abort());
    const job = await runJob({ onCall: cancel, api: { [START]: ['cut'] }, with: { 'abort-on-cancel': 'true' } });
    expect([job.code, starts(job).length]).toEqual([EXIT.unavailable, 1]);
    expect(job.said.join('\n')).toMatch(/may have been started all the same: look with 'fairlead status webui latest'/);
  });

  it('starts nothing any more', async () => {
    const cancel = (job: Job, { method }: Got) => void (method === 'PUT' && job.cancel.abort());
    const job = await runJob({
      onCall: cancel,
      with: { 'self-service': 'true' },
      files: { '.fairlead.yaml': 'namespace: web' },
    });
    expect([job.code, starts(job)]).toEqual([EXIT.interrupted, []]);
  });
});

describe('trouble on the way to the API', () => {
  it.each<[string, Trouble]>([
    ['500', 500],
    ['502', 502],
    ['503', { status: 503, body: { message: 'Service Unavailable' } }],
    ['429', { status: 429, body: { message: 'Too Many Requests' } }],
    ['a cut connection', 'cut'],
    ['half a body', 'half'],
  ])('passes: %s, twice, at the start and while following', async (_what, trouble) => {
    const api = { [START]: [trouble, trouble], [`GET /packages/webui/rollouts/${ROLLOUT}/events`]: [trouble, trouble] };
    const job = await runJob({ api, events: [{ events: [anEvent(1)], state: 'succeeded' }] });
    expect([job.code, starts(job).length, keysOf(job).size]).toEqual([0, 3, 1]);
  });

  it.each<[string, Trouble, number]>([
    ['500', 500, EXIT.unavailable],
    ['429', 429, EXIT.unavailable],
    ['a problem of ours', problem('unavailable', 503), EXIT.unavailable],
    ['a cut connection', 'cut', EXIT.unavailable],
    ['half a body', 'half', EXIT.unavailable],
  ])('that does not pass ends at a deadline: %s', async (_what, trouble, code) => {
    const job = await runJob({ api: { [START]: Array(200).fill(trouble) } });
    expect(job.code).toBe(code);
    expect(job.clock - Date.parse('2026-11-21T10:00:00Z')).toBeLessThanOrEqual(120_000);
    expect(keysOf(job).size).toBe(1);
  });

  it('waits as long as the API asks for', async () => {
    const job = await runJob({ api: { [START]: [{ status: 429, headers: { 'retry-after': '30' } }] } });
    expect(job.code).toBe(0);
    expect(job.clock - Date.parse('2026-11-21T10:00:00Z')).toBeGreaterThanOrEqual(30_000);
  });

  it.each<[string, Trouble, number, RegExp]>([
    [
      'an answer that sends it elsewhere',
      { status: 307, headers: { location: '/v1/elsewhere' } },
      EXIT.internal,
      /answered 307 without saying why: is 'endpoint' a Fairlead API/,
    ],
    ['403 of ours', problem('forbidden', 403, 'webui is not yours'), EXIT.error, /some title: webui is not yours/],
    [
      '403 of AWS',
      { status: 403, body: { Message: 'User is not authorized' } },
      EXIT.error,
      /AWS refuses POST .*User is not authorized.*'packages'/,
    ],
    ['404', problem('not-found', 404), EXIT.error, /because/],
    ['409', problem('idempotency-key-reused', 409), EXIT['wrong invocation'], /because/],
    [
      '422 for labels that match nothing',
      problem('no-environment-matched', 422),
      EXIT['no environment matched'],
      /because/,
    ],
    [
      'something that is no Fairlead',
      { status: 200, body: { hello: 'world' } },
      EXIT.internal,
      /is 'endpoint' a Fairlead API/,
    ],
  ])('is final: %s', async (_what, trouble, code, words) => {
    const job = await runJob({ api: { [START]: [trouble] } });
    expect([job.code, starts(job).length]).toEqual([code, 1]);
    expect(job.said.join('\n')).toMatch(words);
    expect(job.summary).toMatch(/<pre>/);
  });

  it('renews an expired session once, and gives up at the second refusal', async () => {
    const expired = { status: 403, body: { message: 'The security token included in the request is expired' } };
    const once = await runJob({ api: { [START]: [expired] } });
    expect([once.code, once.sts]).toEqual([0, 2]);
    const again = await runJob({ api: { [START]: [expired, expired] } });
    expect([again.code, again.sts, starts(again).length]).toEqual([EXIT.error, 2, 2]);
  });

  it('never begins with a session that is about to end', async () => {
    const job = await runJob({
      events: [
        { events: [anEvent(1)], state: 'running' },
        { events: [anEvent(2)], state: 'running' },
        { events: [], state: 'succeeded' },
      ],
      onCall: (seen, { path }) => {
        if (path.includes('after=1')) seen.clock += 11 * 60_000;
      },
    });
    expect([job.code, job.sts]).toEqual([0, 2]);
    expect(job.got.map(({ headers }) => /ASIA(\d)/.exec(headers.authorization ?? '')?.[1]).join('')).toMatch(/^1+2+$/);
  });
});

describe('trouble on the way to a session', () => {
  it.each<[string, NonNullable<JobOptions['sts']>]>([
    ['throttling', ['throttled', 'throttled']],
    ['500', [500, 503]],
    ['a cut connection', ['cut']],
    ['silence', ['slow']],
  ])('passes: %s of STS', async (_what, sts) => {
    const job = await runJob({ sts });
    expect([job.code, job.sts]).toEqual([0, sts.length + 1]);
  });

  it('is final when STS refuses, and says what to compare', async () => {
    const job = await runJob({ sts: ['denied'] });
    expect([job.code, job.sts, job.got]).toEqual([EXIT.error, 1, []]);
    const said = job.said.join('\n');
    expect(said).toContain('aud: sts.amazonaws.com');
    expect(said).toContain('sub: repo:acme/webui:ref:refs/heads/main');
    expect(said).toContain("Compare each with the conditions of the role's trust policy");
  });

  it('ends at a deadline when STS never answers well', async () => {
    const job = await runJob({ sts: Array(100).fill('throttled') });
    expect(job.code).toBe(EXIT.unavailable);
    expect(job.clock - Date.parse('2026-11-21T10:00:00Z')).toBeLessThanOrEqual(60_000);
  });

  it.each<[string, readonly Trouble[]]>([
    ['500', [500]],
    ['a cut connection', ['cut', 'cut']],
    ['half a body', ['half']],
    ['silence', ['slow']],
  ])("passes: %s of GitHub's tokens", async (_what, github) => {
    expect((await runJob({ github })).code).toBe(0);
  });

  it('is final when GitHub refuses', async () => {
    const job = await runJob({ github: [401] });
    expect([job.code, job.sts]).toEqual([EXIT.unavailable, 0]);
    expect(job.said.join('\n')).toMatch(/GitHub gave the job no token: it answers 401/);
  });

  it('without the permission prints the lines to add', async () => {
    const job = await runJob({ github: 'no permission' });
    expect([job.code, job.sts, job.got]).toEqual([EXIT['wrong invocation'], 0, []]);
    expect(job.said.join('\n')).toContain('permissions:\n  id-token: write');
    expect(job.summary).toContain('id-token: write');
  });
});

describe('credentials that the job has already', () => {
  const env = {
    AWS_ACCESS_KEY_ID: 'AKIAOWN',
    AWS_SECRET_ACCESS_KEY: 'ownSecretKey',
    AWS_SESSION_TOKEN: 'ownSessionToken',
  };

  it('sign the calls when no role is named', async () => {
    for (const [name, value] of Object.entries({ ...env, AWS_PROFILE: undefined })) vi.stubEnv(name, value);
    const job = await runJob({ with: { 'role-to-assume': undefined }, env, github: 'no permission' });
    vi.unstubAllEnvs();
    expect([job.code, job.sts]).toEqual([0, 0]);
    expect(job.got[0]?.headers.authorization).toContain('AKIAOWN');
    expect(job.said.slice(0, 2)).toEqual(['mask ownSecretKey', 'mask ownSessionToken']);
  });
});

describe('secrets', () => {
  const SECRETS = [SECRET_KEY, SESSION_TOKEN];

  it.each<[string, JobOptions]>([
    ['success', {}],
    ['failure', { rollout: bad(), events: [{ events: [], state: 'failed' }] }],
    ['a refusing STS', { sts: ['denied'] }],
    ['a silent STS', { sts: Array(100).fill('cut') }],
    ['a refusing API', { api: { [START]: [problem('forbidden', 403)] } }],
    ['a dead API', { api: { [START]: Array(100).fill('cut') } }],
    ['self-service', { with: { 'self-service': 'true' } }],
  ])('are masked before anything is said, and never said: %s', async (_what, options) => {
    const job = await runJob(options);
    const masked = job.said.flatMap((line) => (line.startsWith('mask ') ? [line.slice('mask '.length)] : []));
    const shown = [
      ...job.said.filter((line) => !line.startsWith('mask ')),
      job.summary,
      JSON.stringify(job.outputs),
    ].join('\n');
    expect(job.said[0]).toMatch(/^mask /);
    expect(masked.some((secret) => /^[\w-]{36}$/.test(secret))).toBe(true);
    expect(masked.some((secret) => secret.startsWith('eyJ'))).toBe(true);
    for (const secret of [...SECRETS, ...masked]) expect(shown).not.toContain(secret);
    expect(shown).not.toMatch(/eyJ|Bearer/i);
  });
});
