/** fairlead retry, and --queue of what is registered. */
import { beforeEach, describe, expect, it } from 'vitest';
import { keys } from '../../domain/keys.ts';
import { placeOf } from '../../domain/registry/place.ts';
import { replace } from '../../domain/table.ts';
import { planByHand } from '../support/plan-by-hand.ts';
import { type TestCli, testCli } from './support.ts';

let cli: TestCli;
beforeEach(async () => {
  cli = await testCli();
});

describe('retry', () => {
  let id: string;
  const end = async (state: 'failed' | 'succeeded') => {
    const rollout = await cli.api.table.get(keys.rollout(id));
    const open = await cli.api.table.get(keys.open('webui', 1));
    if (rollout === undefined || open === undefined) throw new Error('it was started and planned');
    const [pkg, environment, deployment] = await Promise.all([
      cli.api.table.get(keys.package('webui')),
      cli.api.table.get(keys.environment('dev')),
      cli.api.table.get(keys.deployment(id, 'dev')),
    ]);
    if (pkg === undefined || environment === undefined || deployment === undefined)
      throw new Error('all is registered');
    const outcome = { code: 'stage-failed' as const, because: 'dev failed' };
    await cli.api.table.transact([
      replace(keys.rollout(id), rollout, { state, outcome, finishedAt: '2026-11-21T10:00:00.000Z' }),
      replace(keys.deployment(id, 'dev'), deployment, { state: 'errored', place: placeOf(pkg, environment) }),
      { do: 'delete', key: keys.open('webui', 1), expect: 'any' },
    ]);
  };
  beforeEach(async () => {
    const { out } = await cli.run('rollout webui --version 1.0.0 --target ring=dev --no-wait --json');
    id = JSON.parse(out).id;
    await planByHand({ table: cli.api.table, now: cli.api.deps.now }, id, { dev: 'stage-1' });
  });

  it('says where it is tried again, and as which run', async () => {
    await end('failed');
    const { code, err, out } = await cli.run('retry webui latest --no-wait');
    expect([code, err]).toEqual([
      0,
      expect.stringContaining(`rollout ${id} of webui is tried again in 1 environment (run 2)`),
    ]);
    expect(out).toContain('webui 1.0.0 accepted');
    const { out: shown } = await cli.run(`status webui ${id} --json`);
    expect(JSON.parse(shown)).toMatchObject({ state: 'accepted', retries: 1 });
  });

  it('keeps the reason that was given', async () => {
    await end('failed');
    await cli.run(['retry', 'webui', id, '--reason', 'the node is back', '--no-wait']);
    expect((await cli.run(`events webui ${id}`)).out).toContain('retry asked for: the node is back');
  });

  it('repeats what the API says against it', async () => {
    await end('succeeded');
    const { code, err } = await cli.run('retry webui latest');
    expect([code, err]).toEqual([2, expect.stringContaining('only what failed or errored is tried again')]);
  });

  it('wants a package and a rollout', async () => {
    expect((await cli.run('retry webui')).code).toBe(6);
    expect((await cli.run('retry webui latest --timeout soon')).code).toBe(6);
  });
});

describe('--queue', () => {
  it('says it of a package, over what its file says', async () => {
    cli.files.set('webui.json', JSON.stringify({ namespace: 'webui', queue: 'reject' }));
    await cli.run('package put webui -f webui.json');
    expect((await cli.run('package get webui')).out).toContain('queue: reject');
    await cli.run('package put webui -f webui.json --queue supersede');
    expect((await cli.run('package get webui')).out).toContain('queue: supersede');
  });

  it('says it of an environment', async () => {
    cli.files.set('dev.json', JSON.stringify({ cluster: { name: 'main' }, namespaceSuffix: 'dev' }));
    await cli.run('environment put dev -f dev.json');
    expect((await cli.run('environment get dev')).out).toContain("queue mode: the package's");
    await cli.run('environment put dev -f dev.json --queue reject');
    expect((await cli.run('environment get dev')).out).toContain('queue mode: reject');
  });

  it('is one of three words', async () => {
    const { code, err } = await cli.run('package put webui --namespace webui --queue newest');
    expect([code, err]).toEqual([6, expect.stringContaining("--queue 'newest' is no mode: queue, supersede, reject")]);
  });
});
