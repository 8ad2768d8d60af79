import { describe, expect, it } from 'vitest';
import { memoryObjects } from '../../adapters/memory/memory-objects.ts';
import { exitOfPlan } from '../../contracts/exit-of-plan.ts';
import { ranges } from '../../domain/keys.ts';
import type { OutcomeCode } from '../../domain/outcome.ts';
import type { DiffState, EnvironmentDiff } from '../../domain/plan-diff/environment-diff.ts';
import { troubledDiff } from '../../domain/plan-diff/summarise-plan.ts';
import { type PlanWorldProps, planWorld, scaled } from '../support/plan-world.ts';
import { testCli } from './support.ts';

/** A command line in front of the API, with plans that are worked out while somebody waits for them. */
async function cliWithPlans(props: Omit<PlanWorldProps, 'table' | 'plans'> = {}) {
  const plans = memoryObjects();
  const cli = await testCli({
    plans,
    pause: async (milliseconds) => {
      cli.api.advance(milliseconds);
      await world.work();
    },
  });
  const world = planWorld({ table: cli.api.table, plans, ...props });
  return { ...cli, world };
}

const inProd = (name: string) => (name.startsWith('prod') ? scaled() : {});
const blocked = (outcome?: OutcomeCode) => (environment: string) =>
  troubledDiff({ environment, stage: 'everyone', version: '1.4.2' }, 'blocked', {
    code: outcome === undefined ? 'forbidden' : 'values',
    blocks: true,
    because: 'ingress.host is missing',
    ...(outcome !== undefined && { outcome }),
  });

describe('fairlead plan', () => {
  it('says what it plans, waits, shows what would change where, and ends with the command that rolls it out', async () => {
    const cli = await cliWithPlans({ deployer: inProd });
    const { code, out, err } = await cli.run('plan webui 1.4.2');
    expect(code).toBe(0);
    expect(err).toMatch(/plan 01JD\w+ of webui 1\.4\.2 for 4 environments/);
    expect(out).toMatch(/^2 environments: no change \(dev, staging\)$/m);
    expect(out).toMatch(/2 environments: changes \(prod-eu, prod-us\)\n +Deployment webui replicas 2 → 3/);
    const last = out.split('\n').at(-1);
    expect(last).toMatch(
      /^plan (01JD\w+) \(digest hmac-sha256:[0-9a-f]{8}…\): 2 of 4 environments would change; roll it out: fairlead rollout webui --version 1\.4\.2 --plan \1$/,
    );
    expect(await cli.api.table.query(ranges.open('webui'))).toEqual([]);
  });

  it('says when there is nothing to roll out', async () => {
    const { code, out } = await (await cliWithPlans()).run('plan webui 1.4.2 --target ring=dev');
    expect([code, out.split('\n').at(-1)]).toEqual([
      0,
      expect.stringMatching(/0 of 1 environment would change; there is nothing/),
    ]);
  });

  it('ends with how many are blocked, too', async () => {
    const deployer = (name: string) => (name === 'dev' ? blocked()(name) : inProd(name));
    const cli = await cliWithPlans({ deployer });
    const { code, out } = await cli.run('plan webui 1.4.2');
    expect([code, out.split('\n').at(-1)]).toEqual([
      1,
      expect.stringMatching(/: 2 of 4 environments would change, 1 blocked; roll it out: /),
    ]);
  });

  it('as Markdown is the comment alone on stdout, as JSON one document', async () => {
    const cli = await cliWithPlans({ deployer: inProd });
    const markdown = await cli.run('plan webui 1.4.2 --format markdown');
    expect(markdown.out).toContain('replicas 2 → 3');
    expect(markdown.out).not.toContain('roll it out');
    expect(markdown.err).toContain('roll it out');
    for (const flag of ['--json', '--format json']) {
      const plan = JSON.parse((await cli.run(`plan webui 1.4.2 ${flag}`)).out);
      expect(plan).toMatchObject({ state: 'ready', changed: 2, result: { package: 'webui' } });
    }
  });

  it('with --no-wait leaves it to be worked out', async () => {
    const { code, out } = await (await cliWithPlans()).run('plan webui 1.4.2 --no-wait');
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/being worked out: see it with fairlead plan show webui 01JD/),
    ]);
  });

  it('draws the time that passes on a terminal, and gives up at its timeout with exit 9', async () => {
    const cli = await testCli();
    const terminal = { out: () => {}, err: () => {}, live: true, colour: false, columns: 80, done: () => {} };
    const code = await cli.run('plan webui 1.4.2 --timeout 10s', {
      terminal: { ...terminal, draw: (text) => void cli.drawn.push(text) },
    });
    expect(code.code).toBe(9);
    expect(cli.drawn.at(-1)).toMatch(/^plan 01JD\w+ of webui 1\.4\.2: working, \d+ s$/);
  });

  it('at Ctrl-C says that it goes on, and how to see it', async () => {
    const cli = await testCli({
      pause: async (milliseconds) => {
        cli.interrupt.abort();
        cli.api.advance(milliseconds);
      },
    });
    const { code, err } = await cli.run('plan webui 1.4.2');
    expect([code, err]).toEqual([
      130,
      expect.stringMatching(/worked out to its end: see it with fairlead plan show webui/),
    ]);
  });

  it.each([
    ['plan webui', /an argument is missing/],
    ['plan webui latest', /version 'latest'/],
    ['plan webui 1.4.2 --format html', /--format 'html': give one of text, markdown, json/],
    ['plan webui 1.4.2 --json --format text', /--format 'text' beside --json/],
    ['plan webui 1.4.2 --stages a --target {}', /same thing twice/],
    ['plan show webui nonsense', /'nonsense' is no plan/],
    ['rollout webui --version 1.4.2 --plan latest --target {}', /--target beside --plan/],
    ['rollout webui --version 1.4.2 --plan nonsense', /'nonsense' is no plan/],
  ])('%s is a wrong invocation', async (line, words) => {
    const { code, err } = await (await cliWithPlans()).run(line);
    expect([code, err]).toEqual([6, expect.stringMatching(words)]);
  });

  it('that matches nothing ends 4', async () => {
    expect((await (await cliWithPlans()).run('plan webui 1.4.2 --target ring=moon')).code).toBe(4);
  });
});

describe('the exit code of a plan', () => {
  it.each<[string, (environment: string) => Partial<EnvironmentDiff>, number]>([
    ['blocked by values', blocked('values-missing'), 8],
    [
      'blocked by values, of which no more is known',
      (name) => ({ ...blocked('values-broken')(name), problems: [{ code: 'values', blocks: true, because: 'x' }] }),
      8,
    ],
    ['blocked otherwise', blocked(), 1],
    ['blocked by both', (name) => blocked(name === 'dev' ? 'template-broken' : undefined)(name), 1],
    ['not reached', () => ({ state: 'unreachable' }), 5],
    ['not worked out in part', (name) => (name === 'dev' ? { state: 'errored' } : {}), 2],
    ['not worked out at all', () => ({ state: 'errored' }), 2],
  ])('is that of what was %s', async (_, deployer, exit) => {
    expect((await (await cliWithPlans({ deployer })).run('plan webui 1.4.2')).code).toBe(exit);
  });

  it('of one that is refused is that of its reason', async () => {
    const resolve = async () =>
      ({ found: false, code: 'chart-not-found', because: 'no 1.4.2 in the registry' }) as const;
    const { code, out } = await (await cliWithPlans({ resolve })).run('plan webui 1.4.2');
    expect([code, out]).toEqual([1, expect.stringMatching(/plan 01JD\w+ is refused: no 1\.4\.2 in the registry$/)]);
    expect(exitOfPlan({ state: 'refused', code: 'nothing-matched' })).toBe(4);
    expect(exitOfPlan({ state: 'refused', code: 'values-broken' })).toBe(8);
  });

  it('is a success for a plan too large to be shown in one answer', () => {
    expect(exitOfPlan({ state: 'ready' })).toBe(0);
  });

  const states: DiffState[] = ['unchanged', 'changes'];
  it.each(states)('is 0 for %s', async (state) => {
    expect((await (await cliWithPlans({ deployer: () => ({ state }) })).run('plan webui 1.4.2')).code).toBe(0);
  });
});

describe('fairlead plan show', () => {
  it('shows the newest, or the one that is named, again', async () => {
    const cli = await cliWithPlans({ deployer: inProd });
    const first = (await cli.run('plan webui 1.4.2')).out;
    const [, id = ''] = /^plan (01JD\w+)/m.exec(first) ?? [];
    expect((await cli.run('plan show webui')).out).toBe(first);
    expect((await cli.run(`plan show webui ${id}`)).out).toBe(first);
    expect((await cli.run('plan show worker')).code).toBe(2);
  });
});

describe('fairlead rollout --plan', () => {
  it('carries out the plan that it names, by the digest that the plan has', async () => {
    const cli = await cliWithPlans({ deployer: inProd });
    await cli.run('plan webui 1.4.2 --target ring=prod');
    const { code, err } = await cli.run('rollout webui --version 1.4.2 --plan latest --no-wait');
    expect(code).toBe(0);
    expect(err).toMatch(/carrying out plan 01JD\w+ \(digest hmac-sha256:\w{8}…\): 2 of 2 environments would change/);
    expect(err).toMatch(/rollout 01JD\w+ of webui 1\.4\.2 to 2 environments/);
    const [open] = await cli.api.table.query(ranges.open('webui'));
    expect((await cli.run(`status webui ${open?.rolloutId}`)).out).toMatch(/carries out plan 01JD\w+ \(digest hmac/);
    expect((await cli.run(`events webui ${open?.rolloutId}`)).out).toMatch(/accepted for 2 .*, to carry out plan 01JD/);
    const shown = JSON.parse((await cli.run(`status webui ${open?.rolloutId} --json`)).out);
    expect(shown.planned.id).toBe((await cli.api.table.query(ranges.plans('webui')))[0]?.id);
  });

  it('does not start with a plan that is not ready', async () => {
    const cli = await cliWithPlans();
    await cli.run('plan webui 1.4.2 --no-wait');
    const { code, err } = await cli.run('rollout webui --version 1.4.2 --plan latest --no-wait');
    expect([code, err]).toEqual([2, expect.stringMatching(/is working .*only one that is ready can be carried out/)]);
    expect(await cli.api.table.query(ranges.open('webui'))).toEqual([]);
  });
});
