import { afterAll, describe, expect, test } from 'vitest';
import { packedEngine } from '../../../adapters/templates/packed-engine.ts';
import { templateEngine } from '../../../adapters/templates/template-engine.ts';
import type { Template } from '../../../domain/values/ports.ts';
import { DATA } from './conformance/case.ts';

const engine = templateEngine({ wasm: packedEngine, deadlineMs: 20_000 });
/** For what never ends: the test waits this long. */
const hasty = templateEngine({ wasm: packedEngine, deadlineMs: 1_000 });

const templates = (...texts: string[]): Template[] => texts.map((template, i) => ({ key: `k${i}`, template }));

describe('one call', { timeout: 60_000 }, () => {
  test('answers each template in its order, whatever became of the others', async () => {
    const answers = await engine.render(templates('{{ .Env.name }}', '{{ nope }}', '{{ .Nope }}', '{{ .Kind }}'), DATA);
    expect(answers).toMatchObject([
      { key: 'k0', ok: true, text: 'dev' },
      { key: 'k1', ok: false, code: 'unsupported-function' },
      { key: 'k2', ok: false, code: 'failed' },
      { key: 'k3', ok: true, text: 'tenant' },
    ]);
  });

  test('is independent of the templates before it: what one changes, the next does not see', async () => {
    const [, after] = await engine.render(templates('{{ $_ := set .Env "name" "changed" }}', '{{ .Env.name }}'), DATA);
    expect(after).toMatchObject({ text: 'dev' });
  });

  test('gives the same each time: nothing in a template is left to chance or to the clock', async () => {
    const all = templates('{{ dict "c" 1 "a" 2 "b" 3 | values }}', '{{ keys .Env }}', '{{ toJSON . }}');
    const first = await engine.render(all, DATA);
    for (let i = 0; i < 5; i += 1) expect(await engine.render(all, DATA)).toEqual(first);
  });

  test('of no templates needs no engine', async () => {
    const none = templateEngine({ wasm: () => Promise.reject(new Error('was asked for')) });
    expect(await none.render([], DATA)).toEqual([]);
    expect(await none.parse([])).toEqual([]);
  });

  test('may be one of many at the same time', async () => {
    const many = await Promise.all(
      Array.from({ length: 20 }, (_, i) => engine.render(templates('{{ .Kind }}'), { ...DATA, Kind: `k${i}` })),
    );
    expect(many.map(([one]) => one)).toMatchObject(Array.from({ length: 20 }, (_, i) => ({ text: `k${i}` })));
  });

  test('fails when the module is something else, and says so each time', async () => {
    const other = templateEngine({ wasm: async () => Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]) });
    for (const _ of ['once', 'twice'])
      await expect(other.render(templates('a'), DATA)).rejects.toThrow(/did not start: [\s\S]*no memory/);
  });

  test('fails when the engine cannot start, and the next one tries again', async () => {
    let asked = 0;
    const broken = templateEngine({
      wasm: () => {
        asked += 1;
        return asked === 1 ? Promise.resolve(new Uint8Array([1, 2, 3])) : packedEngine();
      },
    });
    await expect(broken.render(templates('a'), DATA)).rejects.toThrow(/WebAssembly/);
    expect(await broken.render(templates('a'), DATA)).toMatchObject([{ text: 'a' }]);
  });
});

describe('what takes too much is stopped, and the rest still answered', { timeout: 120_000 }, () => {
  test.each([
    ['a loop that does not end', '{{ range 1000000000000 }}{{ end }}'],
    ['a loop in a loop', '{{ range 10000000 }}{{ range 10000000 }}{{ if false }}x{{ end }}{{ end }}{{ end }}'],
  ])('%s', async (_name, endless) => {
    const answers = await hasty.render(templates('before', endless, 'after'), DATA);
    expect(answers).toMatchObject([{ text: 'before' }, { key: 'k1', code: 'out-of-time' }, { text: 'after' }]);
    expect(answers[1]).toMatchObject({ because: expect.stringContaining('1 s') });
  });

  test.each([
    ['a text of gigabytes', '{{ repeat 1000000000 "xxxx" | len }}'],
    ['a list that holds itself', '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ $d }}'],
    ['a list of a thousand millions', '{{ until 1000000000 | len }}'],
  ])('%s', async (_name, greedy) => {
    const answers = await engine.render(templates('before', greedy, 'after'), DATA);
    expect(answers).toMatchObject([{ text: 'before' }, { key: 'k1', code: 'out-of-memory' }, { text: 'after' }]);
  });

  test('megabytes of output, and exactly one is the most', async () => {
    const line = 'x'.repeat(1024);
    const answers = await engine.render(
      templates(
        `{{ range 1024 }}${line}{{ end }}`,
        `{{ range 1024 }}${line}{{ end }}y`,
        `{{ range 100000000 }}${line}{{ end }}`,
      ),
      DATA,
    );
    expect(answers).toMatchObject([{ ok: true }, { code: 'too-large' }, { code: 'too-large' }]);
    expect(answers[0]).toMatchObject({ text: line.repeat(1024) });
  });

  test('templates that call themselves', async () => {
    const answers = await engine.render(
      templates('{{ define "x" }}{{ template "x" }}{{ end }}{{ template "x" }}', 'b'),
      DATA,
    );
    expect(answers).toMatchObject([{ code: 'failed', because: expect.stringContaining('depth') }, { text: 'b' }]);
  });

  test('when too many break it, the rest are said not to have run', async () => {
    const greedy = '{{ until 1000000000 | len }}';
    const answers = await engine.render(templates(greedy, greedy, greedy, greedy, 'last'), DATA);
    expect(answers.map((one) => !one.ok && one.code)).toEqual([
      ...Array<string>(4).fill('out-of-memory'),
      'out-of-time',
    ]);
    expect(answers[4]).toMatchObject({ because: expect.stringContaining('was not run') });
  });
});

describe('no error tells a value', { timeout: 60_000 }, () => {
  const CANARY = 'canary-7f3a';
  const NUMBER = 918_273_645;
  const data = {
    ...DATA,
    Env: {
      secret: CANARY,
      n: NUMBER,
      list: [CANARY],
      map: { a: CANARY },
      json: `{"a": "${CANARY}"`,
      pattern: `(${CANARY}`,
    },
    Configs: { password: CANARY },
  };
  const failing = [
    '{{ fail .Env.secret }}',
    '{{ fail (printf "%s" .Env.secret) }}',
    '{{ index .Env.list .Env.n }}',
    '{{ index .Env.list .Env.secret }}',
    '{{ slice .Env.list .Env.n }}',
    '{{ mustRegexMatch .Env.pattern "x" }}',
    '{{ regexFind .Env.pattern "x" }}',
    '{{ regexReplaceAll .Env.pattern "x" "y" }}',
    '{{ semver .Env.secret }}',
    '{{ semverCompare .Env.secret "1.0.0" }}',
    '{{ mustToDate "2006" .Env.secret }}',
    '{{ mustDateModify .Env.secret (toDate "2006" "2026") }}',
    '{{ urlParse (printf "://%s" .Env.secret) }}',
    '{{ fromJSON .Env.json }}',
    '{{ mustFromJson .Env.json }}',
    '{{ .Env.secret.deeper }}',
    '{{ range .Env.secret }}{{ . }}{{ end }}',
    '{{ range $a, $b := .Env.secret }}{{ end }}',
    '{{ template "x" .Env.secret }}',
    '{{ .Env.secret | index .Env.list }}',
    '{{ eq .Env.secret .Env.n }}',
    '{{ eq .Env.list .Env.list }}',
    '{{ eq .Env.map .Env.secret }}',
    '{{ lt .Env.secret .Env.n }}',
    '{{ printf "%d" .Env.secret }}',
    '{{ quote .Env.list }}',
    '{{ join "," .Env.secret }}',
    '{{ mapOf "a" "b" .Env.list }}',
    '{{ eachOf .Env.secret "a" }}',
    '{{ call .Env.secret }}',
    '{{ .Env.secret "argument" }}',
    '{{ div .Env.n 0 }}',
    '{{ decryptAES .Env.secret .Env.secret }}',
    '{{ buildCustomCert .Env.secret .Env.secret }}',
    '{{ b64dec .Env.secret }}',
    '{{ dateInZone "2006" 0 .Env.secret }}',
    '{{ date "2006" .Env.secret }}',
    '{{ b64dec "/w==" }}{{ .Env.secret }}',
    '{{ dig .Env.secret "x" }}',
    '{{ get .Env.secret .Env.secret }}',
    '{{ dict .Env.map "x" | mustToJson }}{{ index .Env.map .Env.list }}',
    '{{ set .Env.map "f" (list .Env.secret nil) }}',
    '{{ upper .Env.map }}',
    '{{ subdomain .Env .Env.secret }}',
  ];

  let searched = 0;
  test.each(failing)('%s', async (template) => {
    const [answer] = await engine.render(templates(template), data);
    if (answer?.ok !== false) throw new Error('it did not fail');
    expect(answer.because).not.toContain(CANARY);
    expect(answer.because).not.toContain(Buffer.from(CANARY).toString('base64').slice(0, -2));
    expect(answer.because).not.toContain(String(NUMBER));
    searched += 1;
  });

  afterAll(() => {
    process.stdout.write(`template canaries: ${searched} of ${failing.length} errors searched\n`);
  });
});
