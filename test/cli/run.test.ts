import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../cli/commands.ts';
import { Failed } from '../../cli/failure.ts';
import { ApiUnreachable, CredentialsMissing } from '../../contracts/api/client.ts';
import { NotDone } from '../../contracts/not-done.ts';
import { testCli } from './support.ts';

/** Aliases of aliases: ten lines that would be a million. */
function bomb(): string {
  const lines = [...'bcdefg'].map((name, i) => `${name}: &${name} [${Array(10).fill(`*${'abcdef'[i]}`).join(', ')}]`);
  return ['a: &a [1]', ...lines].join('\n');
}

describe('help', () => {
  it.each(COMMANDS)('of $name says how it is used, with examples', async ({ name, examples, summary }) => {
    const { code, out } = await (await testCli()).run(`${name} --help`);
    expect(code).toBe(0);
    expect(out).toContain(summary);
    expect(out).toContain(`usage: fairlead ${name}`);
    for (const example of examples) expect(out).toContain(example);
  });

  const examples = COMMANDS.flatMap((command) => command.examples).filter((example) => example.startsWith('fairlead '));
  it.each(examples)('has an example that parses: %s', async (example) => {
    const words = [...example.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
    expect(await (await testCli()).run([...words.slice(1), '--help'])).toMatchObject({ code: 0, err: '' });
  });

  it.each(['--help', '-h', 'help'])('by %s lists every command', async (word) => {
    const { code, out } = await (await testCli()).run(word);
    expect(code).toBe(0);
    for (const { name } of COMMANDS) expect(out).toContain(name);
  });

  it.each(['help freeze add', 'help approve'])('is also asked for by %s', async (line) => {
    const { code, out } = await (await testCli()).run(line);
    expect([code, out]).toEqual([0, expect.stringContaining(`usage: fairlead ${line.slice('help '.length)} `)]);
  });

  it('of a command that is not there says so', async () => {
    const { code, err } = await (await testCli()).run('help freeze');
    expect([code, err]).toEqual([
      6,
      expect.stringContaining("there is no command 'freeze': try 'fairlead freeze add'"),
    ]);
  });

  it('is what comes of no words at all, which is a wrong invocation', async () => {
    expect((await (await testCli()).run('')).code).toBe(6);
  });
});

describe('a wrong invocation is told with the flag, the wrong value and the fix', () => {
  it.each<[string, RegExp]>([
    ['rolout webui', /there is no command 'rolout webui': 'fairlead --help' lists them/],
    ['package', /try 'fairlead package put'/],
    ['rollout', /an argument is missing: fairlead rollout PACKAGE/],
    ['rollout webui worker --version 1.0.0', /'worker' is one argument too many/],
    ['rollout webui', /--version is missing: give --version V/],
    ['rollout webui --version 1.4', /--version '1.4': a chart version is a semantic version such as 1.4.2/],
    ['rollout webui --version 1.0.0 --colour red', /unknown option '--colour'/],
    ['rollout webui --version', /version/],
    ['rollout WebUI --version 1.0.0', /'WebUI' is no package: names are 1 to 40/],
    ['rollout ../webui --version 1.0.0', /'..\/webui' is no package/],
    ['rollout webui --version 1.0.0 --timeout soon', /--timeout 'soon' is no time: write it as 90s, 30m or 2h/],
    ['rollout webui --version 1.0.0 --timeout 0m', /--timeout '0m' is no time/],
    ['rollout webui --version 1.0.0 --target ring', /--target 'ring' is no list of labels: write --target ring=canary/],
    ['rollout webui --version 1.0.0 --target {ring}', /--target '{ring}' is no JSON object of labels/],
    ['rollout webui --version 1.0.0 --target ring=Canary', /'ring=Canary' is no label/],
    ['rollout webui --version 1.0.0 --stages nowhere.yaml', /nowhere.yaml cannot be read/],
    ['rollout webui --version 1.0.0 --stages s.yaml --target {}', /--target and --stages say the same thing twice/],
    ['package put webui', /--namespace is missing: give --namespace N/],
    ['environment put dev', /--file is missing: give --file FILE/],
    ['values put webui --label ring=a --environment dev -f v.yaml', /--label and --environment name different layers/],
    ['values put webui --label ring=a,tier=b -f v.yaml', /names more than one label/],
    ['values put webui --label ring=a --label region=us -f v.yaml', /--label is given twice: give it once/],
    ['values put webui -f a.yaml --file=b.yaml', /--file is given twice: give it once/],
    ['cluster grant --namespace web', /give either --environment E or --all/],
    ['cluster grant --namespace web --all --environment dev', /give either --environment E or --all/],
    ['up --clusters 0', /--clusters '0' is no number from 1 to 8/],
    ['env --shell --json', /exclude each other/],
    ['rollout webui --version --json', /'--version' argument is ambiguous$/m],
    ['rollout webui --json=yes --version 1.0.0', /'--json' does not take an argument/],
    ['abort webui ..', /'\.\.' is no rollout: give its id/],
    ['status webui 01JD', /'01JD' is no rollout/],
    ['events webui LATEST', /'LATEST' is no rollout/],
    ['evidence webui latest ../dev', /'\.\.\/dev' is no environment/],
    ['evidence webui latest', /an argument is missing: fairlead evidence PACKAGE/],
    ['values get webui --prefix fairlead', /--prefix 'fairlead' is no path/],
    ['values put webui --label Ring=a -f v.yaml', /'Ring=a' is no label/],
    ['package get', /an argument is missing: fairlead package get NAME/],
    ['package get a b', /'b' is one argument too many/],
  ])('%s', async (line, words) => {
    const { code, out, err } = await (await testCli()).run(line);
    expect([code, out]).toEqual([6, '']);
    expect(err).toMatch(words);
    expect(err).toMatch(/^error: /m);
  });

  it.each<[string, string, RegExp]>([
    ['not YAML', 'a: [', /f.yaml:1:\d+: not YAML/],
    ['an unknown field', 'cluster: { name: main }\nlables: {}', /f.yaml.*lables/],
    ['a wrong value', 'cluster: { name: main }\nlabels: { ring: Prod }', /f.yaml:2: labels.ring: 'Prod' is not a name/],
    ['a wrong name of a field', 'cluster: { name: main }\nlabels: { Ring: a }', /f.yaml:2: labels.Ring: 'Ring' is not/],
    ['a missing field', 'labels: {}\n', /f.yaml:1: cluster: missing, it is of type object/],
    [
      'a field missing further in',
      'labels: {}\ncluster:\n  region: eu-north-1',
      /f.yaml:2: cluster.name: missing, it is of type string/,
    ],
    ['nothing in it', '', /f.yaml: the document: invalid input/],
    ['two documents', 'cluster: {}\n---\na: 1', /f.yaml:2:\d+: not YAML/],
    ['a field said twice', 'kind: a\nkind: b', /f.yaml:2:\d+: not YAML: duplicate key/],
    ['an alias of nothing', 'kind: *what', /f.yaml.*not YAML: .*alias/],
    ['a bomb of aliases', bomb(), /f.yaml: not YAML: .*alias/],
  ])('a file with %s, with its line', async (_what, content, words) => {
    const cli = await testCli();
    cli.files.set('f.yaml', content);
    const { code, err } = await cli.run('environment put dev -f f.yaml');
    expect(code).toBe(6);
    expect(err).toMatch(words);
  });

  it.each([
    ['a password that reads like an alias', 'password: *S3cret'],
    ['a password behind quotes', 'password: "x" S3cret'],
    ['a password behind a block', 'password: |S3cret\n  a'],
    ['a password alone', 'S3cret'],
  ])('a layer of values with %s is told without its words', async (_what, content) => {
    const cli = await testCli();
    cli.files.set('f.yaml', content);
    const { code, err } = await cli.run('values put webui --label ring=a -f f.yaml');
    expect(code).toBe(6);
    expect(err).toContain('f.yaml');
    expect(err).not.toContain('S3cret');
  });

  it.each<[string, string, readonly string[]]>([
    [
      'unknown fields, each on its line',
      '- name: canary\n  targets: [{ ring: canary }]\n  soak: 3\n- name: rest\n  tragets: [{}]\n  targets: [{}]\n',
      ['f.yaml:3: 0.soak: there is no such field', 'f.yaml:5: 1.tragets: there is no such field'],
    ],
    [
      'a wrong type',
      '- name: canary\n  targets: [{}]\n  maxParallel: many\n',
      ['f.yaml:3: 0.maxParallel: invalid input: expected number'],
    ],
    ['a gate that asks for nothing', '- { name: a, targets: [{}], gate: {} }', ['f.yaml:1: 0.gate: a gate asks for']],
    [
      'one name twice',
      '- { name: a, targets: [{}] }\n- { name: a, targets: [{}] }',
      ['f.yaml:1: the document: stage names'],
    ],
    ['a map for a list', 'stages: []', ['f.yaml:1: the document: invalid input: expected array']],
    ['JSON that is cut off', '[{"name": "a"', ['f.yaml:1:14: not YAML']],
  ])('a file of stages with %s', async (_what, content, words) => {
    const cli = await testCli();
    cli.files.set('f.yaml', content);
    const { code, err } = await cli.run('rollout webui --version 1.0.0 --stages f.yaml');
    expect(code).toBe(6);
    for (const line of words) expect(err).toContain(line);
  });

  it.each(['[1, 2]', 'just text', ''])('a layer of values that is %j', async (content) => {
    const cli = await testCli();
    cli.files.set('v.yaml', content);
    const { code, err } = await cli.run('values put webui -f v.yaml');
    expect([code, cli.layers.names().length]).toEqual([6, 0]);
    expect(err).toContain('a layer of values is a YAML map');
  });
});

describe('trouble', () => {
  const failing = (error: Error) => ({ destination: async () => Promise.reject(error) });

  it.each<[string, Error, number]>([
    ['an API that does not answer', new ApiUnreachable('http://x does not answer: ECONNREFUSED'), 5],
    ['no credentials', new CredentialsMissing('no AWS credentials to sign with'), 6],
    ['what a command foresaw', new Failed('it is so', 9), 9],
    ['what a tool refused', new NotDone('helm push: 401'), 2],
    ['a mistake of our own', new TypeError('x is not a function'), 7],
  ])('by %s has its exit code, its words, and no stack trace unless asked for', async (_what, error, exit) => {
    const cli = await testCli();
    const { code, out, err } = await cli.run('package list', failing(error));
    expect([code, out]).toEqual([exit, '']);
    expect(err).toContain(`error: ${error.message}`);
    expect(err).not.toMatch(/^\s+at /m);
    expect((await cli.run('package list --debug', failing(error))).err).toMatch(/^\s+at /m);
  });

  it.each<[string, number, RegExp]>([
    ['package get nobody', 2, /package nobody is not registered/],
    ['rollout nobody --version 1.0.0', 2, /register it first \(fairlead package put nobody/],
    ['rollout webui --version 1.0.0 --target ring=moon', 4, /none of the 4 registered environments/],
    ['status webui latest', 2, /package webui has no rollouts yet/],
    ['status webui 01JD0Z5Q6X3N8V7T2K4M9R1B0C', 2, /package webui has no rollout 01JD0Z5Q6X3N8V7T2K4M9R1B0C/],
    ['evidence webui latest dev', 2, /has no rollouts yet/],
  ])("the API's refusal of %s ends %i", async (line, exit, words) => {
    const { code, err } = await (await testCli()).run(line);
    expect(code).toBe(exit);
    expect(err).toMatch(words);
  });

  it('a refusal shows every field at fault, and begins in lower case', async () => {
    const { code, err } = await (await testCli()).run('package put shop --namespace Shop --repository nobody');
    expect(code).toBe(6);
    expect(err).toMatch(/^error: some fields are wrong: /m);
    expect(err).toMatch(/^ {2}\/namespace: 'Shop' is not a name/m);
    expect(err).toMatch(/^ {2}\/repositories\/0: 'nobody' is wrong: a repository is owner\/name/m);
  });

  it('two packages that would share a release are refused, naming both', async () => {
    const cli = await testCli();
    cli.files.set('p.yaml', 'namespace: webui\nrelease: webui\n');
    const { code, err } = await cli.run('package put thief -f p.yaml');
    expect([code, err]).toEqual([2, expect.stringMatching(/thief.*webui|webui.*thief/)]);
  });

  it('shown with --debug has its causes too', async () => {
    const error = new Error('outer', { cause: new Error('inner') });
    expect((await (await testCli()).run('package list --debug', failing(error))).err).toMatch(/Error: inner/);
  });

  it('a message that would move the cursor is shown without what moves it', async () => {
    const { err } = await (await testCli()).run('package list', failing(new Failed('\u001b[2Jall \rgone\u0007', 2)));
    expect(err).toContain('error: all gone');
  });

  it('a refusal of AWS itself is told in its words, and anything else is asked to be a Fairlead API', async () => {
    const cli = await testCli();
    const answering = (status: number, body: unknown) => ({
      destination: async () => ({
        endpoint: 'e',
        because: 'b',
        client: { call: async () => ({ status, body, headers: {} }) },
      }),
    });
    const denied = await cli.run('package list', answering(403, { message: 'User: x is not authorized' }));
    expect([denied.code, denied.err]).toEqual([2, expect.stringContaining('User: x is not authorized')]);
    const proxy = await cli.run('package list', answering(502, '<html>'));
    expect([proxy.code, proxy.err]).toEqual([5, expect.stringContaining('is this a Fairlead API?')]);
    expect((await cli.run('package list', answering(200, { hello: 1 }))).code).toBe(7);
  });
});
