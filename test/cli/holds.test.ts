import { expect, test } from 'vitest';
import { keys } from '../../domain/keys.ts';
import { create, replace } from '../../domain/table.ts';
import { aHold, aQuarantine, aRelease } from '../support/items.ts';
import { testCli } from './support.ts';

test('hold and disable say who holds what and how it ends; again, the older words of a failed rollback stay', async () => {
  const cli = await testCli();
  const broken = aHold({ kind: 'failed-rollback', by: 'fairlead', reason: 'the release is bad' });
  await cli.api.table.transact([create(keys.hold('dev', 'webui'), broken)]);
  const { code, out } = await cli.run(['hold', 'webui', 'dev', '--reason', 'until Friday']);
  expect([code, out.trim()]).toEqual([
    0,
    "webui held in dev by fairlead-operator/ada: until Friday (before that by fairlead: the release is bad); 'fairlead lift webui dev' ends it",
  ]);
  const disabled = await cli.run(['disable', 'webui', 'staging', '--reason', 'not here', '--json']);
  expect(JSON.parse(disabled.out)).toMatchObject({ environment: 'staging', kind: 'disabled', reason: 'not here' });
});

test('a target holds each of its environments, and tells each', async () => {
  const cli = await testCli();
  const { code, out } = await cli.run(['hold', 'webui', '--target', 'ring=prod', '--reason', 'so']);
  expect([code, out.trim().split('\n')]).toEqual([
    0,
    [expect.stringContaining('webui held in prod-eu'), expect.stringContaining('webui held in prod-us')],
  ]);
  expect(await cli.api.table.get(keys.hold('prod-us', 'webui'))).toMatchObject({ reason: 'so' });
});

test.each([
  ['no reason', ['hold', 'webui', 'dev'], 6, '--reason is missing'],
  ['an empty reason', ['hold', 'webui', 'dev', '--reason', ' '], 6, '1 to 1000'],
  ['a reason that is too long', ['disable', 'webui', 'dev', '--reason', 'x'.repeat(1001)], 6, '--reason has 1001'],
  ['no environment', ['lift', 'webui'], 6, 'name an environment, or give --target'],
  ['two ways to name one', ['lift', 'webui', 'dev', '--target', '{}'], 6, 'name an environment, or give --target'],
  ['labels that nothing has', ['lift', 'webui', '--target', 'ring=none'], 4, 'no environment has the labels'],
  ['lifting in an environment that is not registered', ['lift', 'webui', 'none'], 2, 'none is not registered'],
  ['lifting of a package that is not registered', ['lift', 'none', 'dev'], 2, 'package none is not registered'],
  ['an environment that is not registered', ['hold', 'webui', 'none', '--reason', 'so'], 2, 'none is not registered'],
  ['nowhere to go back to', ['rollback', 'webui', '--reason', 'so'], 6, '--to V or --last-good'],
  ['two places to go back to', ['rollback', 'webui', '--to', '1.0.0', '--last-good', '--reason', 'so'], 6, 'give one'],
  ['a version that is none', ['rollback', 'webui', '--to', 'x y', '--reason', 'so'], 6, "--to 'x y'"],
  ['a rollback without a reason', ['rollback', 'webui', '--last-good'], 6, '--reason is missing'],
  [
    'a rollback that nothing matches',
    ['rollback', 'webui', '--last-good', '--reason', 'so', '--target', 'ring=none'],
    4,
    'labels',
  ],
] as const)('%s is refused with what to do', async (_, line, code, words) => {
  const cli = await testCli();
  const ran = await cli.run([...line]);
  expect([ran.code, ran.err]).toEqual([code, expect.stringContaining(words)]);
});

test('lift prints everything that it lifted, by name, or that nothing was in the way', async () => {
  const cli = await testCli();
  const { table } = cli.api;
  const over = { reason: 'the release is bad', by: 'fairlead', at: '2026-11-21T09:00:00.000Z' };
  const quarantine = aQuarantine({ inputsDigest: 'a', version: '1.4.2' });
  await table.transact([
    create(keys.hold('dev', 'webui'), aHold({ over })),
    create(keys.quarantine('dev', 'webui', 'a'), quarantine),
  ]);
  const { code, out } = await cli.run(['lift', 'webui', 'dev', '--reason', 'fixed']);
  expect([code, out.trim().split('\n')]).toEqual([
    0,
    [
      'lifted in dev: hold by operator/ann: load test',
      'lifted in dev: hold by fairlead: the release is bad',
      `lifted in dev: quarantine of webui 1.4.2 since rollout ${quarantine.rolloutId}: ${quarantine.because}`,
    ],
  ]);
  expect((await cli.run(['lift', 'webui', 'dev'])).out).toContain('nothing was lifted');
});

test('a reason of several lines is told in one, wherever it stands: none of it is hidden or looks like a line of ours', async () => {
  const cli = await testCli();
  const { out } = await cli.run(['hold', 'webui', 'dev', '--reason', 'until Friday\nwebui  succeeded']);
  expect(out).toContain("held in dev by fairlead-operator/ada: until Friday webui succeeded; 'fairlead lift");
  expect((await cli.run(['lift', 'webui', 'dev'])).out.trim()).toBe(
    'lifted in dev: hold by fairlead-operator/ada: until Friday webui succeeded',
  );
});

test('status ends with what is held and quarantined', async () => {
  const cli = await testCli();
  await cli.api.table.transact([
    create(keys.release('dev', 'webui'), aRelease()),
    create(keys.hold('dev', 'webui'), aHold()),
    create(keys.quarantine('dev', 'webui', 'a'), aQuarantine({ inputsDigest: 'a', version: '1.4.2' })),
  ]);
  const lines = (await cli.run('status')).out.trim().split('\n');
  expect(lines.slice(-3)).toEqual([
    'webui held in dev by operator/ann: load test',
    'webui 1.4.2 quarantined in dev: Deployment webui never became ready',
    "'fairlead lift PACKAGE ENVIRONMENT' ends a hold, and lets quarantined inputs in again",
  ]);
});

test('a rollback is told as one wherever its version stands', async () => {
  const cli = await testCli();
  const started = await cli.run([
    'rollback',
    'webui',
    '--to',
    '1.4.1',
    '--reason',
    'checkout fails',
    '--no-wait',
    '--json',
  ]);
  expect(started.code).toBe(0);
  expect(started.err).toContain('rolls webui back to 1.4.1 in up to 4 environments');
  const { id, rollback } = JSON.parse(started.out);
  expect(rollback).toEqual({ to: { version: '1.4.1' }, reason: 'checkout fails', by: 'fairlead-operator/ada' });
  const [one, history] = [await cli.run(`status webui ${id}`), await cli.run('status webui')];
  expect(one.out).toContain('webui 1.4.1 (rollback)');
  expect(one.out).toContain('rolls back to 1.4.1, by fairlead-operator/ada: checkout fails');
  expect(history.out).toContain('1.4.1 (rollback)');
  const seen = await cli.api.table.get(keys.rollout(id));
  if (seen === undefined) throw new Error('no rollout');
  const outcome = { code: 'succeeded' as const, because: '1 of 1 deployments succeeded, 0 skipped' };
  await cli.api.table.transact([
    replace(keys.rollout(id), seen, { state: 'succeeded', outcome, finishedAt: seen.createdAt }),
  ]);
  expect((await cli.run(`status webui ${id}`)).out).toContain('webui 1.4.1 (rollback)');
});

test('with the emergency role, every reason says so', async () => {
  const cli = await testCli();
  const as = 'arn:aws:sts::123456789012:assumed-role/fairlead-break-glass/ada';
  const headers = { 'fairlead-break-glass': 'nobody answers' };
  const body = { reason: 'checkout fails' };
  const held = await cli.api.call('PUT', '/environments/dev/packages/webui/hold', { body, headers, as });
  expect(held.body.reason).toBe('checkout fails (BREAK-GLASS: nobody answers)');
  const back = await cli.api.call('POST', '/packages/webui/rollbacks', {
    body: { ...body, to: 'last-good' },
    headers,
    as,
  });
  const rollout = await cli.api.table.get(keys.rollout(back.body.id));
  expect(rollout?.rollback?.reason).toBe('checkout fails (BREAK-GLASS: nobody answers)');
});
