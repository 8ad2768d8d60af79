import { beforeEach, describe, expect, it } from 'vitest';
import { planByHand } from '../support/plan-by-hand.ts';
import { type TestCli, testCli } from './support.ts';

const gate = { approvals: 1, authorMayApprove: true, statuses: ['load-test'] };
const STAGES = [
  { name: 'dev', targets: [{ ring: 'dev' }] },
  { name: 'staging', targets: [{ ring: 'staging' }], gate },
  { name: 'prod', targets: [{ ring: 'prod' }], gate },
];

let cli: TestCli;
let id: string;
const begun = async (stages: unknown, environments: Readonly<Record<string, string>>) => {
  cli.files.set('stages.json', JSON.stringify(stages));
  const { out } = await cli.run('rollout webui --version 1.0.0 --stages stages.json --no-wait --json');
  id = JSON.parse(out).id;
  await planByHand({ table: cli.api.table, now: cli.api.deps.now }, id, environments);
};
beforeEach(async () => {
  cli = await testCli();
  await begun(STAGES.slice(0, 2), { dev: 'dev', staging: 'staging' });
});

describe('approve', () => {
  it('needs no stage where one has a gate, and says what is missing still', async () => {
    expect(await cli.run('approve webui latest')).toMatchObject({
      code: 0,
      out: `webui 1.0.0 ${id}: stage staging approved as role/fairlead-operator\nits gate waits on: 1 of 1 approvals (fairlead-operator/ada); load-test not reported`,
    });
  });

  it('says when the gate is open', async () => {
    await cli.run(`report webui ${id} load-test success`);
    const { out } = await cli.run(['approve', 'webui', id, 'staging', '--reason', 'looks fine']);
    expect(out).toContain('its gate is open: ');
    const { out: shown } = await cli.run(`status webui ${id}`);
    expect(shown).toContain('gate of staging open: 1 of 1 approvals (fairlead-operator/ada); load-test success');
    expect(shown).toContain(
      'approved by fairlead-operator/ada as role/fairlead-operator at 2026-11-21T10:00:00.000Z: looks fine',
    );
    expect(shown).toContain('load-test success, reported by fairlead-operator/ada at 2026-11-21T10:00:00.000Z');
  });

  it('asks for the stage where several have gates', async () => {
    await cli.run('abort webui latest');
    await begun(STAGES, { dev: 'dev', staging: 'staging', 'prod-eu': 'prod' });
    const { code, err } = await cli.run(`approve webui ${id}`);
    expect([code, err]).toEqual([6, expect.stringContaining('name one of staging, prod')]);
    expect((await cli.run(`approve webui ${id} prod`)).code).toBe(0);
  });

  it('says so where nobody is asked', async () => {
    await begun(STAGES.slice(0, 1), { dev: 'dev' });
    const { code, err } = await cli.run(`approve webui ${id}`);
    expect([code, err]).toEqual([2, expect.stringContaining('no stage left with a gate')]);
  });

  it('repeats what the API says against it', async () => {
    const { code, err } = await cli.run(`approve webui ${id} dev`);
    expect([code, err]).toEqual([2, expect.stringContaining('stage dev has no gate')]);
  });

  it('prints one document for programs', async () => {
    const { out } = await cli.run(`approve webui ${id} --json`);
    expect(JSON.parse(out)).toMatchObject({ id, stage: 'staging', gate: { state: 'closed' } });
  });
});

describe('refuse', () => {
  it('says what comes of it', async () => {
    const { code, out } = await cli.run(['refuse', 'webui', 'latest', '--reason', 'errors']);
    expect([code, out]).toEqual([
      0,
      `webui 1.0.0 ${id}: stage staging refused as role/fairlead-operator\nthe rollout ends when what is under way has ended`,
    ]);
  });

  it('without a reason asks nobody', async () => {
    const { code, err } = await cli.run('refuse webui latest');
    expect([code, err]).toEqual([6, expect.stringContaining('--reason is missing')]);
  });
});

describe('report', () => {
  it('says what a check came to', async () => {
    const line = ['report', 'webui', 'latest', 'load-test', 'failure', '--description', 'p99 is 900 ms'];
    expect(await cli.run(line)).toMatchObject({ code: 0, out: `load-test of webui ${id} is failure` });
    expect((await cli.run(`status webui ${id}`)).out).toContain('load-test failure, reported by');
  });

  it.each([
    ['report webui latest load-test green', 6, "'green' is no result: it is success, failure or pending"],
    ['report webui latest Load success', 6, "'Load' is no status"],
    ['report webui latest load-test', 6, ''],
    ['report webui latest scan success', 2, 'they ask for load-test'],
    ['report webui latest load-test success --url nowhere', 6, '/url'],
  ])('%s ends %i', async (line, code, words) => {
    const answer = await cli.run(line);
    expect([answer.code, answer.err]).toEqual([code, expect.stringContaining(words)]);
  });
});
