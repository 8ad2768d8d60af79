import { beforeEach, describe, expect, it } from 'vitest';
import { type TestCli, testCli } from './support.ts';

let cli: TestCli;
beforeEach(async () => {
  cli = await testCli();
});
const WEEKEND = ['freeze', 'add', 'weekend', '--reason', 'nobody is there', '--target', 'ring=prod'];
const RULE = [
  '--rule',
  'FREQ=WEEKLY;BYDAY=FR',
  '--start',
  '2026-11-20T16:00',
  '--time-zone',
  'Europe/Oslo',
  '--duration',
  'P2DT16H',
];
const ADD = ['freeze', 'add', 'launch'];
const LAUNCH = [...ADD, '--reason', 'the big day', '--package', 'webui'];

describe('freeze add', () => {
  it('says what is frozen, whether it holds now and until when, and what ends it', async () => {
    expect(await cli.run([...WEEKEND, ...RULE])).toMatchObject({
      code: 0,
      out: [
        'freeze weekend: every package in ring=prod, FREQ=WEEKLY;BYDAY=FR from 2026-11-20T16:00 (Europe/Oslo) for P2DT16H',
        "it holds now, until 2026-11-23T07:00:00.000Z; 'fairlead freeze lift weekend' ends it",
      ].join('\n'),
    });
    const later = ['--from', '2026-12-01T06:00:00Z', '--to', '2026-12-02T06:00:00Z'];
    const { out } = await cli.run([...LAUNCH, ...later]);
    expect(out).toContain('freeze launch: webui everywhere, 2026-12-01T06:00:00Z to 2026-12-02T06:00:00Z');
    expect(out).toContain('it does not hold now, next from 2026-12-01T06:00:00.000Z on');
  });

  it.each([
    ['no window', []],
    ['two windows', ['--until-lifted', '--from', '2026-12-01T06:00:00Z', '--to', '2026-12-02T06:00:00Z']],
  ])('with %s says how a window is given', async (_what, flags) => {
    const { code, err } = await cli.run([...LAUNCH, ...flags]);
    expect([code, err]).toEqual([6, expect.stringContaining('--from and --to; or --rule')]);
  });

  it.each([
    ['half of one', ['--from', '2026-12-01T06:00:00Z'], '--to is missing'],
    ['half a rule', ['--rule', 'FREQ=DAILY', '--start', '2026-12-01T06:00'], '--time-zone is missing'],
  ])('with %s says what is missing', async (_what, flags, words) => {
    const { code, err } = await cli.run([...LAUNCH, ...flags]);
    expect([code, err]).toEqual([6, expect.stringContaining(words)]);
  });

  it.each([
    [
      '--from',
      ['--reason', 'x', '--from', 'tomorrow', '--to', '2026-12-02T06:00:00Z'],
      "--from 'tomorrow': a time in UTC",
    ],
    ['--package', ['--until-lifted', '--reason', 'x', '--package', 'No Name'], "--package 'No Name': "],
    ['--reason', ['--until-lifted', '--reason', ' '], '--reason has 1 characters: 1 to 1000 are wanted'],
    ['--reason', ['--until-lifted', '--reason', 'x'.repeat(1001)], '--reason has 1001 characters: 1 to 1000'],
  ])('names %s, the wrong value and what is wanted', async (_flag, flags, words) => {
    const { code, err } = await cli.run([...ADD, ...flags]);
    expect([code, err]).toEqual([6, expect.stringContaining(words)]);
  });

  it('with a rule that makes no sense says which, and why', async () => {
    const { code, err } = await cli.run([...LAUNCH, ...RULE.with(1, 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30')]);
    expect([code, err]).toEqual([6, expect.stringContaining('/window/rule never occurs')]);
  });
});

describe('freeze list', () => {
  it('says so when nothing is frozen', async () => {
    expect((await cli.run('freeze list')).out).toBe('nothing is frozen, now or later');
  });

  it('shows each with now, until, next, what, why and who; lifted ones are gone', async () => {
    await cli.run([...WEEKEND, ...RULE]);
    await cli.run([...LAUNCH, '--until-lifted']);
    const { out } = await cli.run('freeze list');
    expect(out).toMatch(
      /^launch +holds +lifted +webui everywhere; until lifted +the big day +fairlead-operator\/ada$/m,
    );
    expect(out).toMatch(
      /^weekend +holds +2026-11-23T07:00:00.000Z +2026-11-27T15:00:00.000Z +every package in ring=prod; FREQ/m,
    );
    expect(await cli.run(['freeze', 'lift', 'launch', '--reason', 'it was a success'])).toMatchObject({
      code: 0,
      out: 'freeze launch is lifted: what waited for it goes on',
    });
    expect((await cli.run('freeze list')).out).not.toContain('launch');
    expect((await cli.run('audit')).out).toMatch(/deleteFreeze launch .*it was a success/);
    expect((await cli.run('freeze lift launch')).code).toBe(2);
  });
});

describe('stop and resume', () => {
  it('stops everything with a reason, and says how it goes on', async () => {
    expect((await cli.run('stop')).code).toBe(6);
    expect((await cli.run(['stop', '--reason', 'checkout is down'])).out).toContain("'fairlead resume' ends it");
    expect((await cli.run('freeze list')).out).toMatch(
      /^stop +holds +lifted +every package everywhere; until lifted +checkout is down/m,
    );
    expect((await cli.run('resume')).out).toContain('resumed');
    const again = await cli.run('resume');
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('nothing is stopped')]);
  });
});

describe('a rollout', () => {
  it('into a freeze says at once what is frozen, until when and what ends it', async () => {
    await cli.run([...WEEKEND, ...RULE]);
    const { code, err } = await cli.run([
      'rollout',
      'webui',
      '--version',
      '1.0.0',
      '--target',
      'ring=prod',
      '--no-wait',
    ]);
    expect(code).toBe(0);
    expect(err).toMatch(
      /frozen: prod-eu.* until 2026-11-23T07:00:00.000Z by freeze weekend \(fairlead-operator\/ada: nobody is there\); 'fairlead freeze lift weekend' ends it/,
    );
  });

  it('that overrides is marked wherever it is shown', async () => {
    await cli.run([...WEEKEND, ...RULE]);
    const argv = [
      'rollout',
      'webui',
      '--version',
      '1.0.0',
      '--target',
      'ring=prod',
      '--no-wait',
      '--override-freeze',
      'a fix',
    ];
    const { code, err } = await cli.run(argv);
    expect([code, err.includes('frozen:')]).toEqual([0, false]);
    expect((await cli.run('status webui latest')).out).toContain(
      'in spite of freezes, by fairlead-operator/ada: a fix',
    );
    expect((await cli.run('status webui')).out).toContain('1.0.0 (freeze overridden)');
    expect((await cli.run('status')).out).toContain('1.0.0 (freeze overridden)');
    expect((await cli.run('events webui latest')).out).toContain('freeze-overridden');
  });

  it('does not override without saying why', async () => {
    expect((await cli.run(['rollout', 'webui', '--version', '1.0.0', '--override-freeze', ' '])).code).toBe(6);
  });
});
