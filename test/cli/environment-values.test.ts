import { beforeEach, describe, expect, it } from 'vitest';
import { type TestCli, testCli } from './support.ts';

const CANARY = 'correct-horse-battery-staple';

let cli: TestCli;
let kept: string[];
beforeEach(async () => {
  kept = [];
  cli = await testCli({
    keepSecret: async (name, text) => {
      kept.push(`${name}=${text}`);
      return { kept: true, version: kept.length };
    },
  });
});

describe('environment values set', () => {
  it('sets texts and JSON, and says what stands there now', async () => {
    const { code, out } = await cli.run([
      'environment',
      'values',
      'set',
      'dev',
      'zone=a=b',
      'zones:=["a","b"]',
      'count:=3',
    ]);
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      'dev zone: a=b, revision 1',
      'dev zones: ["a","b"], revision 1',
      'dev count: 3, revision 1',
    ]);
    expect((await cli.run('environment values dev')).out).toMatch(/count +3 +1 /);
  });

  it('takes a secret from stdin, and shows it nowhere', async () => {
    const line = 'environment values set dev token --secret';
    const ran = await cli.run(line, { readSecret: async () => CANARY });
    expect(ran).toMatchObject({
      code: 0,
      out: 'dev token: secret (dev-environment-secret.token version 1), revision 1',
    });
    expect(kept).toEqual([`dev-environment-secret.token=${CANARY}`]);
    const listed = await cli.run('environment values dev --json');
    expect(listed.out).toContain('"secret": true');
    expect(JSON.stringify([ran, listed, await cli.run('audit')])).not.toContain(CANARY);
  });

  it.each<[string, string[], RegExp]>([
    ['a word that sets nothing', ['zone'], /'zone' sets nothing: write KEY=TEXT, KEY:=JSON, or KEY --secret/],
    ['a key that is taken', ['name=x'], /the key: 'name' is what the environment itself has/],
    ['no JSON', ['zones:=[a'], /what stands behind zones:= is not JSON/],
    ['a secret on the command line', [`token=${CANARY}`, '--secret'], /with --secret give one KEY and nothing else/],
    ['a secret and another', ['token', 'other', '--secret'], /with --secret give one KEY and nothing else/],
    ['no secret', ['token', '--secret'], /no text for token/],
    ['a revision for two', ['a=1', 'b=2', '--if-revision', '1'], /--if-revision is of one value, and 2 are set/],
    ['a revision that is none', ['a=1', '--if-revision', 'one'], /--if-revision 'one' is no revision/],
  ])('with %s sets nothing and says how it is done', async (_, words, because) => {
    const { code, err } = await cli.run(['environment', 'values', 'set', 'dev', ...words]);
    expect([code, err]).toEqual([6, expect.stringMatching(because)]);
    expect(err).not.toContain(CANARY);
    expect((await cli.run('environment values dev')).out).toContain('dev has no values of its own');
  });

  it('leaves alone what somebody else has changed meanwhile', async () => {
    await cli.run(['environment', 'values', 'set', 'dev', 'zone=a']);
    const line = ['environment', 'values', 'set', 'dev', 'zone=b', '--if-revision'];
    expect((await cli.run([...line, '0'])).err).toContain('value zone is not at revision 0, it is 1 now');
    expect((await cli.run([...line, '1'])).out).toBe('dev zone: b, revision 2');
  });
});

it('environment values unset takes one away, once', async () => {
  await cli.run(['environment', 'values', 'set', 'dev', 'zone=a']);
  expect(await cli.run('environment values unset dev zone')).toMatchObject({
    code: 0,
    out: 'dev has no value zone any more',
  });
  expect((await cli.run('environment values unset dev zone')).err).toContain('environment dev has no value zone');
});

it('environment values uses says who reads it', async () => {
  expect((await cli.run('environment values uses dev zone')).out).toBe('nothing that is deployed reads zone of dev');
});

it('the audit names the key', async () => {
  await cli.run(['environment', 'values', 'set', 'dev', 'zone=a']);
  expect((await cli.run('audit')).out).toContain('putEnvironmentValue zone');
});
