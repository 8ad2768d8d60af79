import { describe, expect, it } from 'vitest';
import { type ApiRequest, ApiUnreachable } from '../../contracts/api/client.ts';
import { append } from '../../domain/events.ts';
import type { RolloutItem } from '../../domain/items/rollout.ts';
import { keys, ranges } from '../../domain/keys.ts';
import type { OutcomeCode } from '../../domain/outcome.ts';
import type { DeploymentState } from '../../domain/states.ts';
import { create, replace } from '../../domain/table.ts';
import type { TestApi } from '../lambdas/answer-request/support.ts';
import { aDeployment, aWait } from '../support/items.ts';
import { testCli } from './support.ts';

interface End {
  readonly state: RolloutItem['state'];
  readonly code: OutcomeCode;
  readonly deployment?: { readonly state: DeploymentState; readonly code: OutcomeCode };
}

/** What the machines would write when the newest rollout of webui ends so. */
async function ends({ table, deps }: TestApi, { state, code, deployment }: End): Promise<void> {
  const [newest] = (await table.rolloutsOf('webui', { limit: 1 })).items;
  const events = newest && (await table.get(keys.events(newest.id)));
  if (newest === undefined || events === undefined) throw new Error('nothing was started');
  const at = deps.now().toISOString();
  const because = `it came out ${code}`;
  const event = { at, kind: 'rollout-finished', text: because, by: 'fairlead' } as const;
  const objects = [{ kind: 'Deployment', name: 'webui', because: '0 of 1 ready' }];
  const bad = deployment && {
    code: deployment.code,
    because: 'no pod got ready',
    ...(deployment.state !== 'succeeded' && { objects }),
  };
  await table.transact([
    replace(keys.rollout(newest.id), newest, { state, outcome: { code, because }, finishedAt: at }),
    ...append(newest.id, events, [event]),
    ...(deployment && bad
      ? [
          create(
            keys.deployment(newest.id, 'dev'),
            aDeployment({
              rolloutId: newest.id,
              environment: 'dev',
              state: deployment.state,
              outcome: bad,
              evidence: 'k',
            }),
          ),
        ]
      : []),
  ]);
}

/** A command line whose rollout ends so while it is watched. */
async function ending(end: End) {
  let pauses = 0;
  const cli = await testCli({
    pause: async (milliseconds) => {
      cli.api.advance(milliseconds);
      if (++pauses === 2) await ends(cli.api, end);
    },
  });
  return cli;
}

const START = 'rollout webui --version 1.4.2';
const FINE: End = { state: 'succeeded', code: 'succeeded', deployment: { state: 'succeeded', code: 'ready' } };
const BAD: End = { state: 'failed', code: 'stage-failed', deployment: { state: 'rolled-back', code: 'not-ready' } };

describe('a rollout that is watched', () => {
  it('is told line by line on stderr, and ends with one clear line on stdout', async () => {
    const { code, out, err } = await (await ending(FINE)).run(START);
    expect([code, out]).toEqual([0, 'webui 1.4.2 succeeded: it came out succeeded [1 succeeded]']);
    expect(err).toMatch(/rollout 01JD\w+ of webui 1.4.2 to 4 environments/);
    expect(err).toMatch(/10:00:00 rollout-accepted: webui 1.4.2 accepted/);
    expect(err).toMatch(/rollout-finished: it came out succeeded/);
  });

  it.each<[End, number]>([
    [FINE, 0],
    [BAD, 1],
    [{ state: 'errored', code: 'internal' }, 2],
    [{ state: 'aborted', code: 'aborted' }, 3],
    [{ state: 'superseded', code: 'superseded' }, 3],
    [{ state: 'failed', code: 'nothing-matched' }, 4],
    [{ state: 'failed', code: 'values-broken' }, 8],
  ])('as %j ends %i', async (end, exit) => {
    expect((await (await ending(end)).run(START)).code).toBe(exit);
  });

  it('with --json is one object on stdout, with state, outcome, deployments and the objects at fault', async () => {
    const { code, out, err } = await (await ending(BAD)).run(`${START} --json`);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      state: 'failed',
      outcome: { code: 'stage-failed' },
      deployments: [{ environment: 'dev', state: 'rolled-back' }],
      objects: [{ environment: 'dev', kind: 'Deployment', name: 'webui', because: '0 of 1 ready' }],
    });
    expect(err).toContain('rollout-finished');
  });

  it('that failed names what is at fault and where its evidence is', async () => {
    const { err } = await (await ending(BAD)).run(START);
    expect(err).toMatch(/dev: rolled-back: no pod got ready/);
    expect(err).toMatch(/Deployment webui: 0 of 1 ready/);
    expect(err).toMatch(/fairlead evidence webui 01JD\w+ dev/);
    expect(err).toMatch(/with the same inputs: fairlead retry webui 01JD\w+/);
  });

  it('on a terminal is drawn again and again instead', async () => {
    const cli = await ending(FINE);
    const screen = {
      out: () => undefined,
      err: () => undefined,
      live: true,
      colour: false,
      columns: 100,
      done: () => undefined,
    };
    const drawn: string[] = [];
    await cli.run(START, { terminal: { ...screen, draw: (text) => void drawn.push(text) } });
    expect(drawn.length).toBeGreaterThanOrEqual(2);
    expect(drawn.at(-1)).toMatch(/webui 1.4.2 .*succeeded/);
    expect(drawn.join('')).not.toContain('\u001b');
  });

  it('goes on after Ctrl-C, which says how to come back and ends 130', async () => {
    const cli = await testCli({
      pause: async (milliseconds) => {
        cli.interrupt.abort();
        cli.api.advance(milliseconds);
      },
    });
    const { code, err } = await cli.run(START);
    expect(code).toBe(130);
    expect(err).toMatch(/goes on. See it: fairlead status webui 01JD\w+ .*Stop it: fairlead abort webui 01JD/);
    expect((await cli.api.table.query(ranges.open('webui'))).length).toBe(1);
  });

  it('goes on after the timeout, which says so and ends 9', async () => {
    const { code, out, err } = await (await testCli()).run(`${START} --timeout 90s`);
    expect([code, out]).toEqual([9, 'webui 1.4.2 accepted']);
    const json = await (await testCli()).run(`${START} --timeout 90s --json`);
    expect([json.code, JSON.parse(json.out)]).toEqual([9, expect.objectContaining({ state: 'accepted' })]);
    expect(err).toMatch(/01JD\w+ is still running and goes on. See it: fairlead status webui 01JD\w+/);
  });
});

describe('a rollout that was started', () => {
  it('and then lost from sight is told to go on, beside what went wrong', async () => {
    const cli = await testCli();
    const destination = async () => ({
      endpoint: 'e',
      because: 'b',
      client: {
        call: async ({ method, path, body }: ApiRequest) => {
          if (method !== 'POST') throw new ApiUnreachable('e does not answer');
          return { ...(await cli.api.call('POST', path, { body })) };
        },
      },
    });
    const { code, out, err } = await cli.run(START, { destination });
    expect([code, out]).toEqual([5, '']);
    expect(err).toMatch(/rollout 01JD\w+ goes on. See it: .*\nerror: e does not answer/);
  });

  it('is not asked about again and again when the API answers at once with nothing', async () => {
    const paused: number[] = [];
    const cli = await testCli({ mostWaiting: 0 });
    const pause = async (milliseconds: number) => {
      cli.api.advance(milliseconds);
      if (paused.push(milliseconds) === 5) await ends(cli.api, FINE);
    };
    expect((await cli.run(START, { pause })).code).toBe(0);
    expect(paused).toEqual([2000, 2000, 2000, 2000, 2000]);
  });
});

describe('a start', () => {
  const requestOf = async (cli: Awaited<ReturnType<typeof testCli>>, id: string) => cli.api.table.get(keys.request(id));

  it('with --no-wait returns at once', async () => {
    const cli = await testCli({ pause: async () => Promise.reject(new Error('waited')) });
    const { code, out } = await cli.run(`${START} --no-wait --json`);
    expect([code, JSON.parse(out).state]).toEqual([0, 'accepted']);
  });

  it('with --no-wait says how to see it and how to stop it', async () => {
    const { err } = await (await testCli()).run(`${START} --no-wait`);
    expect(err).toMatch(/See it: fairlead status webui (01JD\w+) {3}Stop it: fairlead abort webui \1$/m);
  });

  it('makes every --target a stage, in order, by JSON or k=v', async () => {
    const cli = await testCli();
    const { out } = await cli.run([
      ...START.split(' '),
      '--target',
      'ring=dev',
      '--target',
      '{"ring":"prod"}',
      '--target',
      '{}',
      '--no-wait',
      '--json',
    ]);
    expect((await requestOf(cli, JSON.parse(out).id))?.stages.map(({ targets }) => targets)).toEqual([
      [{ ring: 'dev' }],
      [{ ring: 'prod' }],
      [{}],
    ]);
  });

  it('takes stages and values from files', async () => {
    const cli = await testCli();
    cli.files.set('s.yaml', '- name: canary\n  targets: [{ ring: dev }]\n  soakMinutes: 1\n');
    cli.files.set('v.yaml', 'image: { tag: x }\n');
    const { out } = await cli.run(`${START} --stages s.yaml --values v.yaml --no-wait --json`);
    expect(await requestOf(cli, JSON.parse(out).id)).toMatchObject({
      stages: [{ name: 'canary', soakMinutes: 1 }],
      values: { image: { tag: 'x' } },
    });
  });

  it('has a key of its own each time, and starts nothing new with one that was used', async () => {
    const cli = await testCli();
    for (const flags of ['', '', '--idempotency-key k', '--idempotency-key k'])
      await cli.run(`${START} --no-wait ${flags}`);
    expect(await cli.api.table.query(ranges.open('webui'))).toHaveLength(3);
  });
});

describe('afterwards', () => {
  it('status shows one rollout, or all of a package; events its history; abort stops it', async () => {
    const cli = await testCli();
    expect((await cli.run('status webui')).out).toBe('webui was never rolled out');
    await cli.run(`${START} --no-wait`);
    expect((await cli.run('status webui')).out).toMatch(/01JD\w+ +1.4.2 .*accepted/);
    expect((await cli.run('status webui latest')).out).toMatch(/webui 1.4.2 .*accepted/);
    expect((await cli.run('abort webui latest --reason enough')).out).toMatch(/abort of 01JD\w+ asked for/);
    expect((await cli.run('events webui')).out).toMatch(
      /rollout-accepted: .*\n.*abort-requested: abort asked for: enough/,
    );
    expect(JSON.parse((await cli.run('events webui latest --json')).out)).toHaveLength(2);
  });

  it('status says the whole reason of a wait, however narrow the terminal is', async () => {
    const cli = await testCli();
    await cli.run(`${START} --no-wait`);
    const [newest] = (await cli.api.table.rolloutsOf('webui', { limit: 1 })).items;
    if (newest === undefined) throw new Error('nothing was started');
    const because = `dev is frozen: ${'a long story, '.repeat(20)}and its end`;
    const wait = aWait({ rolloutId: newest.id, package: 'webui', on: 'freeze', because });
    const waiting = replace(keys.rollout(newest.id), newest, { state: 'waiting' });
    await cli.api.table.transact([waiting, create(keys.wait(newest.id), wait)]);
    expect((await cli.run('status webui latest')).out).toContain(because);
  });

  it('evidence shows what was kept', async () => {
    const cli = await testCli();
    await cli.run(`${START} --no-wait`);
    await ends(cli.api, BAD);
    const evidence = {
      v: 1,
      rollout: '01JD0Z5Q6X3N8V7T2K4M9R1B01',
      package: 'webui',
      environment: 'dev',
      at: '2026-11-21T10:00:00.000Z',
      failure: { code: 'not-ready', because: 'no pod got ready' },
      summary: ['pod webui-1 is in CrashLoopBackOff'],
      objects: [{ kind: 'Deployment', name: 'webui', because: '0 of 1 ready' }],
      events: [{ type: 'Warning', reason: 'BackOff', object: 'Pod webui-1', message: 'restarting', count: 3 }],
      logs: [{ pod: 'webui-1', container: 'web', previous: true, lines: ['panic: no config'] }],
    };
    cli.api.objects.set('k', new TextEncoder().encode(JSON.stringify(evidence)));
    const { code, out } = await cli.run('evidence webui latest dev');
    expect(code).toBe(0);
    for (const words of [
      'no pod got ready',
      'CrashLoopBackOff',
      'BackOff ×3',
      'panic: no config',
      '(before its restart)',
    ]) {
      expect(out).toContain(words);
    }
  });
});
