import { describe, expect, it } from 'vitest';
import { Failed } from '../../cli/failure.ts';
import type { Ports } from '../../cli/ports.ts';
import type { LayerStore } from '../../contracts/layer-store.ts';
import { readSpill } from '../../domain/values/layers/spill.ts';
import { type TestCli, testCli } from './support.ts';

const NAME = 'webui-service-helm-values';
const BOB = 'arn:aws:sts::123456789012:assumed-role/fairlead-operator/bob';
const value = async ({ layers }: TestCli, name = NAME) => (await layers.get(name))?.value;

/** A layer of about so many bytes, that compresses to nothing shorter. */
const long = (bytes: number) => `list:\n${'- a line of twenty b\n'.repeat(bytes / 21)}`;

async function cliWith(text: string, name = NAME): Promise<TestCli> {
  const cli = await testCli();
  cli.layers.write(name, text);
  return cli;
}

/** Each call of the editor gets the next of these; what it was shown is kept. */
function editor(cli: TestCli, ...edits: ((shown: string) => string)[]) {
  const seen = { shown: [] as string[], removed: 0 };
  const ports: Partial<Ports> = {
    editedFile: async (about) => ({
      path: `/tmp/edit/${about}.yaml`,
      edit: async (text) => {
        seen.shown.push(text);
        const edit = edits[seen.shown.length - 1];
        if (edit === undefined) throw new Error('the editor is opened once too often');
        return edit(text);
      },
      remove: async () => void seen.removed++,
    }),
  };
  return { seen, edit: (line = 'values edit webui') => cli.run(line, ports) };
}

describe('values put', () => {
  it('says the version, the size and how much changed', async () => {
    const cli = await cliWith('replicas: 1\na: 1\n');
    cli.files.set('v.yaml', 'replicas: 2\na: 1\nb: 2\n');
    expect((await cli.run('values put webui -f v.yaml')).out).toBe(
      `${NAME} version 2\n  22 of 4096 bytes\n  3 lines added, 2 taken out`,
    );
  });

  it.each([
    [
      'webui --environment nope',
      /mind: nothing reads webui-service-helm-values\.environment\.nope yet: no environment nope/,
    ],
    ['webui --label nolabel=x', /mind: nothing reads .*: label nolabel has no layers/],
    ['nopkg', /mind: nothing reads nopkg-service-helm-values yet: no package nopkg is registered/],
  ])('says when nothing reads a new layer: %s', async (which, words) => {
    const cli = await testCli();
    cli.files.set('v.yaml', 'a: 1\n');
    expect(await cli.run(`values put ${which} -f v.yaml`)).toMatchObject({
      code: 0,
      err: expect.stringMatching(words),
    });
    expect((await cli.run(`values put webui -f v.yaml`)).err).not.toContain('mind');
  });

  it('writes nothing that the layer says already', async () => {
    const cli = await cliWith('replicas: 1\n');
    cli.files.set('v.yaml', 'replicas: 1\n');
    const { code, out } = await cli.run('values put webui -f v.yaml');
    expect([code, out]).toEqual([0, `${NAME} version 1 says that already: nothing was written`]);
    expect(await cli.layers.history(NAME)).toHaveLength(1);
  });

  it.each([
    ['braces', 'a: "{{ .Values.x }}"\n'],
    ['the beginning of a packed layer', 'base64: yes\n'],
    ['the beginning of a pointer', 's3://x: yes\n'],
  ])('packs a layer with %s, and get unpacks it', async (_what, text) => {
    const cli = await testCli();
    cli.files.set('v.yaml', text);
    await cli.run('values put webui -f v.yaml');
    expect(await value(cli)).toBe(`base64:${Buffer.from(text).toString('base64')}`);
    expect((await cli.run('values get webui')).out).toBe(`# ${NAME} version 1\n${text.trimEnd()}`);
  });

  it.each([6_000, 300_000])('spills %i bytes into the values bucket and points there', async (bytes) => {
    const cli = await testCli();
    cli.files.set('v.yaml', long(bytes));
    const { code, out } = await cli.run('values put webui -f v.yaml');
    expect(code).toBe(0);
    expect(out).toMatch(
      /bytes are more than the 4096 of a parameter: \d+ bytes are kept in s3:\/\/values\/webui\/[0-9a-f]{64}\.yaml/,
    );
    expect(readSpill((await value(cli)) ?? '')).toMatchObject({ is: 'spilled', at: { bucket: 'values' } });
    expect((await cli.run('values get webui')).out).toContain('a line of twenty b');
  });

  it('uses the advanced tier only when asked, and spills what is too long for that', async () => {
    const cli = await testCli();
    cli.files.set('v.yaml', long(6_000));
    expect((await cli.run('values put webui -f v.yaml --advanced')).out).toMatch(/of 8192 bytes of the advanced tier/);
    cli.files.set('v.yaml', long(9_000));
    expect((await cli.run('values put webui -f v.yaml --advanced')).out).toMatch(/more than the 8192 of a parameter/);
  });

  it('refuses more than a layer can hold', async () => {
    const cli = await testCli();
    cli.files.set('v.yaml', `a: ${'x'.repeat(1024 * 1024)}\n`);
    const { code, err } = await cli.run('values put webui -f v.yaml');
    expect(code).not.toBe(0);
    expect(err).toContain('1048576');
    expect(cli.layers.names()).toEqual([]);
  });

  it.each([
    ['a tab', 'a:\n\tb: 1', /v\.yaml is not YAML at line 2/],
    ['a key twice', 'a: 1\na: 2', /v\.yaml is not YAML at line 2, column 1 \(duplicate key\)/],
    ['a number that JSON has not', 'a:\n  b: .nan', /a\.b, line 2, column 3/],
    ['bytes that are no UTF-8', 'a: 1\nb: \ufffd', /line 2 that is no text/],
    ['two documents', 'a: 1\n---\nb: 1', /line 2/],
  ])('refuses a file with %s before anything is asked', async (_what, text, words) => {
    const cli = await testCli();
    cli.files.set('v.yaml', text);
    const { code, err } = await cli.run('values put webui -f v.yaml');
    expect([code, cli.layers.names()]).toEqual([6, []]);
    expect(err).toMatch(words);
  });

  it('with --if-version writes only over that version, and shows what somebody else changed', async () => {
    const cli = await cliWith('replicas: 1\n');
    cli.layers.write(NAME, 'replicas: 5\n', BOB);
    cli.files.set('v.yaml', 'replicas: 2\n');
    const { code, err } = await cli.run('values put webui -f v.yaml --if-version 1');
    expect([code, await value(cli)]).toEqual([1, 'replicas: 5\n']);
    expect(err).toMatch(/is at version 2, not 1: nothing was written/);
    expect(err).toContain('-replicas: 1\n+replicas: 5');
    expect((await cli.run('values put webui -f v.yaml --if-version 2')).code).toBe(0);
  });

  it('with --if-version 0 makes a layer only where there is none', async () => {
    const cli = await testCli();
    cli.files.set('v.yaml', 'a: 1\n');
    expect((await cli.run('values put webui -f v.yaml --if-version 0')).code).toBe(0);
    cli.files.set('v.yaml', 'a: 2\n');
    expect((await cli.run('values put webui -f v.yaml --if-version 0')).code).toBe(1);
  });

  it('tells of whoever came between reading and writing, what he changed, and how to have it back', async () => {
    const cli = await cliWith('replicas: 1\n');
    cli.layers.beforePut = () => {
      cli.layers.beforePut = () => undefined;
      cli.layers.write(NAME, 'replicas: 5\n', BOB);
    };
    cli.files.set('v.yaml', 'replicas: 2\n');
    const { code, err } = await cli.run('values put webui -f v.yaml --if-version 1');
    expect(code).toBe(1);
    expect(err).toMatch(/version 2 of fairlead-operator\/bob, .* came between/);
    expect(err).toContain('+replicas: 5');
    expect(err).toContain("'fairlead values restore webui --version 2'");
  });

  it('of a layer that somebody makes at the same time writes nothing over it', async () => {
    const cli = await testCli();
    cli.layers.beforePut = () => void cli.layers.write(NAME, 'replicas: 5\n', BOB);
    cli.files.set('v.yaml', 'replicas: 2\n');
    const { code, err } = await cli.run('values put webui -f v.yaml');
    expect([code, await value(cli)]).toEqual([1, 'replicas: 5\n']);
    expect(err).toContain('somebody made the layer');
  });

  it('of secrets writes a layer of its own, shows nothing of it, and never spills', async () => {
    const cli = await testCli();
    cli.files.set('s.yaml', 'password: hunter2\n');
    const { out, err } = await cli.run('values put webui --environment dev --secret -f s.yaml');
    expect(out).toMatch(/^webui-service-helm-secrets\.environment\.dev version 1/);
    expect(out + err).not.toContain('hunter2');
    cli.files.set('s.yaml', `password: ${'hunter2'.repeat(1000)}\n`);
    const big = await cli.run('values put webui --environment dev --secret -f s.yaml');
    expect([big.code, big.err]).toEqual([2, expect.stringMatching(/a layer of secrets holds 4096: give --advanced/)]);
    expect(big.out + big.err).not.toContain('hunter2');
  });
});

describe('values edit', () => {
  it('opens what is there, writes what was saved, and leaves no file behind', async () => {
    const cli = await cliWith('# why\nreplicas: 1\n');
    const { edit, seen } = editor(cli, (text) => text.replace('1', '3'));
    expect((await edit()).out).toContain(`${NAME} version 2`);
    expect([seen.shown, await value(cli), seen.removed]).toEqual([['# why\nreplicas: 1\n'], '# why\nreplicas: 3\n', 1]);
  });

  it('of a text that stays as it was writes nothing', async () => {
    const cli = await cliWith('replicas: 1\n');
    const { edit, seen } = editor(cli, (text) => text);
    expect(await edit()).toMatchObject({ code: 0, out: 'unchanged: nothing was written' });
    expect([(await cli.layers.history(NAME)).length, seen.removed]).toEqual([1, 1]);
  });

  it('opens again on what helm could not read, saying where, and writes what is mended', async () => {
    const cli = await cliWith('replicas: 1\n');
    const { edit, seen } = editor(
      cli,
      () => 'replicas: 1\nreplicas: 2\n',
      (text) => text.replace('replicas: 1\n', ''),
    );
    expect((await edit()).code).toBe(0);
    expect(seen.shown[1]).toMatch(
      /^# fairlead: what you saved is not YAML at line 4, column 1 \(duplicate key\)\n# fairlead: /,
    );
    expect(await value(cli)).toBe('replicas: 2\n');
  });

  it('gives up when what is broken is saved again, and keeps the text', async () => {
    const cli = await cliWith('replicas: 1\n');
    const { edit, seen } = editor(
      cli,
      () => 'a: [',
      (text) => text,
    );
    const { code, err } = await edit();
    expect([code, await value(cli), seen.removed]).toEqual([1, 'replicas: 1\n', 0]);
    expect(err).toContain(`your text is kept in /tmp/edit/${NAME}.yaml`);
  });

  it('does not write over what somebody else saved meanwhile: it shows that, and keeps the text', async () => {
    const cli = await cliWith('replicas: 1\n');
    const { edit, seen } = editor(cli, (text) => {
      cli.layers.write(NAME, 'replicas: 5\n', BOB);
      return text.replace('1', '3');
    });
    const { code, err } = await edit();
    expect([code, await value(cli), seen.removed]).toEqual([1, 'replicas: 5\n', 0]);
    expect(err).toMatch(/is at version 2, not 1: nothing was written/);
    expect(err).toContain('+replicas: 5');
    expect(err).toContain('your text is kept in');
  });

  it('writes nothing, and leaves no file, when the editor ends badly', async () => {
    const cli = await cliWith('replicas: 1\n');
    const { edit, seen } = editor(cli, () => {
      throw new Failed('the editor vi ended with 1: nothing was written', 2);
    });
    const { code, err } = await edit();
    expect([code, await value(cli), seen.removed]).toEqual([2, 'replicas: 1\n', 1]);
    expect(err).toContain('the editor vi ended with 1');
  });

  it('makes a layer that is not there yet', async () => {
    const cli = await testCli();
    const { edit } = editor(cli, () => 'a: 1\n');
    expect((await edit('values edit webui --label ring=canary')).code).toBe(0);
    expect(await value(cli, `${NAME}.label.ring.canary`)).toBe('a: 1\n');
  });
});

describe('values set and unset', () => {
  it('change very these keys', async () => {
    const cli = await cliWith('# top\nreplicas: 1 # few\nimage:\n  tag: "1.0"\n');
    await cli.run('values set webui replicas=3 image.tag=1.4.2 hosts=[a,b] image.pull\\.policy=on');
    expect(await value(cli)).toBe(
      '# top\nreplicas: 3 # few\nimage:\n  tag: 1.4.2\n  pull.policy: true\nhosts: ["a","b"]\n',
    );
    await cli.run('values unset webui image.tag');
    expect(await value(cli)).toBe('# top\nreplicas: 3 # few\nimage:\n  pull.policy: true\nhosts: ["a","b"]\n');
  });

  it('with --string take values as texts', async () => {
    const cli = await testCli();
    await cli.run('values set webui a=1 b=yes c=a=b --string');
    expect(await value(cli)).toBe('a: "1"\nb: "yes"\nc: "a=b"\n');
  });

  it('write nothing that is so already', async () => {
    const cli = await cliWith('replicas: 1\n');
    expect((await cli.run('values set webui replicas=1')).out).toBe(`${NAME} says that already: nothing was written`);
    expect((await cli.run('values unset webui nothing')).out).toContain('says that already');
  });

  it.each([
    ['values set webui replicas', /'replicas' is no KEY=VALUE/],
    ['values set webui a..b=1', /'a\.\.b' is no key/],
    ['values set webui a=[1', /what a is set to is not YAML/],
  ])('%s is refused', async (line, words) => {
    expect(await (await testCli()).run(line)).toMatchObject({ code: 6, err: expect.stringMatching(words) });
  });

  it('refuse a key below something that is no map', async () => {
    const cli = await cliWith('replicas: 1\n');
    const { code, err } = await cli.run('values set webui replicas.a=1');
    expect([code, err]).toEqual([2, expect.stringContaining('replicas.a goes through replicas, which is no map')]);
  });

  it('keep what somebody else wrote at the same time to other keys', async () => {
    const cli = await cliWith('replicas: 1\ntag: a\n');
    cli.layers.beforePut = () => {
      cli.layers.beforePut = () => undefined;
      cli.layers.write(NAME, 'replicas: 1\ntag: b\n', BOB);
    };
    expect((await cli.run('values set webui replicas=3')).code).toBe(0);
    expect(await value(cli)).toBe('replicas: 3\ntag: b\n');
  });

  it('tell when somebody else changed the same key at the same time', async () => {
    const cli = await cliWith('replicas: 1\n');
    cli.layers.beforePut = () => {
      cli.layers.beforePut = () => undefined;
      cli.layers.write(NAME, 'replicas: 5\n', BOB);
    };
    const { code, err } = await cli.run('values set webui replicas=3');
    expect(code).toBe(1);
    expect(err).toMatch(/bob, .* changed replicas at the same time; .*restore webui --version 2' puts theirs back/);
  });
});

describe('what a layer was', () => {
  const three = async () => {
    const cli = await cliWith('replicas: 1\n');
    cli.layers.write(NAME, 'replicas: 2\n', BOB);
    cli.layers.write(NAME, 'replicas: 3\n');
    return cli;
  };

  it('is listed with who and when, newest first', async () => {
    const { out } = await (await three()).run('values history webui');
    const lines = out.split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[2]).toMatch(/^2 +2\S+Z +fairlead-operator\/bob +12 +plain$/);
  });

  it('can be read, compared and put back', async () => {
    const cli = await three();
    expect((await cli.run('values get webui --version 1')).out).toBe(`# ${NAME} version 1\nreplicas: 1`);
    expect((await cli.run('values diff webui')).out).toContain('-replicas: 2\n+replicas: 3');
    expect((await cli.run('values diff webui --from 1 --to 2')).out).toContain('-replicas: 1\n+replicas: 2');
    cli.files.set('v.yaml', 'replicas: 9\n');
    expect((await cli.run('values diff webui -f v.yaml')).out).toContain('-replicas: 3\n+replicas: 9');
    expect((await cli.run('values restore webui --version 1')).out).toContain(`${NAME} version 4`);
    expect(await value(cli)).toBe('replicas: 1\n');
  });

  it.each(['get webui --version 9', 'restore webui --version 9', 'diff webui --from 9'])(
    'values %s says which versions there are',
    async (words) => {
      const { code, err } = await (await three()).run(`values ${words}`);
      expect([code, err]).toEqual([2, expect.stringMatching(/there is no version 9 .*values history webui/)]);
    },
  );

  it('is not told of secrets', async () => {
    const cli = await testCli();
    cli.layers.write('webui-service-helm-secrets', 'AQICAHcipher', BOB, true);
    const { out, err } = await cli.run('values history webui --secret');
    expect(out).toMatch(/fairlead-operator\/bob +secret/);
    expect(out + err).not.toContain('AQICAHcipher');
  });
});

describe('values list, compare and delete', () => {
  it('list every layer of the package and of no other', async () => {
    const cli = await cliWith('a: 1\n');
    cli.layers.write(`${NAME}.label.ring.canary`, `base64:${btoa('a: 2')}`);
    cli.layers.write('webui-service-helm-secrets.environment.dev', 'AQICAHcipher', BOB, true);
    cli.layers.write('webui-admin-service-helm-values', 'a: 1');
    cli.layers.write('webui-service-helm-valuesX', 'a: 1');
    const { out } = await cli.run('values list webui');
    expect(
      out
        .split('\n')
        .slice(1)
        .map((line) => line.split(/ {2,}/).slice(0, 3)),
    ).toEqual([
      [NAME, 'all', '1'],
      [`${NAME}.label.ring.canary`, 'ring=canary', '1'],
      ['webui-service-helm-secrets.environment.dev', 'dev', '1'],
    ]);
    expect(out).not.toContain('AQICAHcipher');
    expect((await cli.run('values list worker')).out).toContain("'fairlead values put worker -f FILE' writes one");
  });

  it('compare one key over all environments, with the layer and line that says so', async () => {
    const cli = await cliWith('image:\n  tag: a\n');
    const environments = JSON.parse((await cli.run('environment list --json')).out);
    const [first] = environments;
    cli.layers.write(`${NAME}.environment.${first.name}`, '# ours\nimage:\n  # newer\n  tag: b\n');
    cli.layers.write(`webui-service-helm-secrets.environment.${first.name}`, 'AQICAHcipher', BOB, true);
    const { out } = await cli.run('values compare webui image.tag --json');
    const found = JSON.parse(out).environments;
    expect(found).toHaveLength(environments.length);
    expect(found.find((one: { environment: string }) => one.environment === first.name)).toEqual({
      environment: first.name,
      value: 'b',
      from: { parameter: `${NAME}.environment.${first.name}`, version: 1, at: { line: 4, column: 3 } },
      secretLayers: [`webui-service-helm-secrets.environment.${first.name}`],
    });
    expect(found[1]).toMatchObject({ value: 'a', from: { parameter: NAME, at: { line: 2 } }, secretLayers: [] });
    expect((await cli.run('values compare webui nothing')).out).toContain('(not set in a layer)');
  });

  it('compare names the layer that cannot be read', async () => {
    const cli = await cliWith('a: [');
    const { code, err } = await cli.run('values compare webui a');
    expect([code, err]).toEqual([
      8,
      expect.stringMatching(/webui-service-helm-values version 1 is not YAML at line 1/),
    ]);
  });

  it('delete asks first, and not where nobody can answer', async () => {
    const cli = await cliWith('a: 1\n');
    expect((await cli.run('values delete webui')).code).toBe(6);
    expect((await cli.run('values delete webui', { ask: async () => false })).code).toBe(1);
    expect(cli.layers.names()).toEqual([NAME]);
    expect((await cli.run('values delete webui', { ask: async () => true })).code).toBe(0);
    expect((await cli.run('values delete webui --yes')).code).toBe(2);
  });

  it('delete says what becomes of plans made before: of secrets there is no copy', async () => {
    const cli = await cliWith('a: 1\n');
    cli.layers.write('webui-service-helm-secrets', 'AQICAHcipher', BOB, true);
    expect((await cli.run('values delete webui --yes')).out).toContain('plans made before keep their copies');
    const { out } = await cli.run('values delete webui --secret --yes');
    expect(out).toContain('plans made before are blocked where they need it');
    expect(out).not.toContain('copies');
  });
});

describe('the prefix', () => {
  it('is what the installation says, unless one is given', async () => {
    const cli = await testCli({
      installation: {
        ...(await testCli()).api.deps.installation,
        values: { prefix: '/eu/', labelOrder: [], bucket: 'b' },
      },
    });
    cli.files.set('v.yaml', 'a: 1\n');
    await cli.run('values put webui -f v.yaml');
    await cli.run('values put webui -f v.yaml --prefix /other/');
    expect(cli.layers.names()).toEqual([`/eu/${NAME}`, `/other/${NAME}`]);
  });
});

describe('a layer that points to S3', () => {
  it('that is not there any more, or was changed, is told with parameter and version', async () => {
    const cli = await testCli();
    const bucket = cli.layers.bucket('values');
    const at = await bucket.put('webui', long(6000));
    cli.layers.write(NAME, `s3://values/${at.key}?versionId=gone&sha256=${at.sha256}`);
    expect(await cli.run('values get webui')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/version 1 points to s3:\/\/values\/webui\/.*no version gone/),
    });
    cli.layers.write(NAME, `s3://values/${at.key}?versionId=${at.versionId}&sha256=${'0'.repeat(64)}`);
    expect(await cli.run('values get webui')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/version 2 points to .* says something else/),
    });
    cli.layers.write(NAME, 's3://values/webui/x');
    expect(await cli.run('values get webui')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/version 3 begins with s3:\/\/ and is not of the form/),
    });
  });
});

/** Every call takes its turn somewhere among the others'. */
function inAnyOrder(layers: LayerStore, seed: number): LayerStore {
  let state = seed;
  const turns = async () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    for (let i = state % 7; i > 0; i--) await new Promise((turn) => setImmediate(turn));
  };
  return {
    ...layers,
    get: async (...asked) => turns().then(() => layers.get(...asked)),
    put: async (...asked) => turns().then(() => layers.put(...asked)),
    history: async (...asked) => turns().then(() => layers.history(...asked)),
  };
}

describe('set by many at once', () => {
  it.each(Array.from({ length: 40 }, (_, i) => i + 1))('loses nobody’s key, in whatever order (%i)', async (seed) => {
    const keys = ['a', 'b', 'c', 'd'];
    const cli = await cliWith(keys.map((key) => `${key}: 0 # of ${key}\n`).join(''));
    const store = inAnyOrder(cli.layers, seed);
    const ports: Partial<Ports> = { parameters: async () => store };
    const all = await Promise.all(keys.map((key) => cli.run(`values set webui ${key}=1`, ports)));
    expect(all.map(({ code, err }) => [code, err])).toEqual(keys.map(() => [0, expect.anything()]));
    expect(await value(cli)).toBe(keys.map((key) => `${key}: 1 # of ${key}\n`).join(''));
  });
});
