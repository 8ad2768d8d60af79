import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLayerText } from '../../../adapters/helm/read-layer.ts';
import { cacheFolder } from '../../../local/install/cache-folder.ts';
import { ensureLayer } from '../../../local/install/ensure-tools.ts';
import { runTool } from '../../../local/install/run-tool.ts';
import { silentProgress } from '../../../local/progress.ts';

/**
 * Whatever we read, helm reads the same. Scalars of which people expect different things, in one layer that helm itself reads.
 * What is text for the one and a number for the other would be another deployment than the one that was planned.
 */
const SCALARS = [
  ...['yes', 'no', 'on', 'off', 'y', 'n', 'Y', 'N', 'True', 'TRUE', 'tRue', 'YES', 'On', 'oN'],
  ...['null', '~', 'Null', 'NULL', 'nUll', '', '"yes"', "'no'", '"null"'],
  ...['0777', '0o17', '0O17', '-0o7', '+0o7', '0o8', '0_7', '0__7', '00', '08', '09', '099', '-08', '-0777'],
  ...['0x1f', '0X1F', '-0x1F', '+0x1', '0x', '0x_', '0xg', '0x_1', '0b11', '0B11', '-0b101', '0b2', '0b', '0b1_1'],
  ...['0xffffffffffffffff', '0x1ffffffffffffffff', '-0x8000000000000000', '-0x8000000000000001'],
  ...['0o1777777777777777777777', '01777777777777777777777', '-0o1777777777777777777777', '0777777777777777777777777'],
  ...['1_000', '1__000', '_1', '1_', '-0', '+1', '1.0', '1.', '0.', '.5', '-.5', '+.5', '._5', '.5_0', '1_.5', '1_0.5'],
  ...['1e3', '1E3', '1e+3', '1.5e3', '1e-7', '1e5_0', '1e', 'e1', '.', '..', '1e400', '1e1000', '5e-324', '5e-400'],
  ...['0.1', '0.30000000000000004', '1.7976931348623157e308', '685_230.15', '1,000', '0.0', '0.0e5'],
  ...['9007199254740993', '12345678901234567890', '123456789012345678901234567890', '-9223372036854775808'],
  ...['12:30', '12:30:45', '1:20.5', '2020-01-01', '2001-12-14t21:59:43.10-05:00', '2001-12-14 21:59:43.10 -5'],
  ...['=', '<<', '+', '-1', '--1', '?x', '...', 'x#c', 'x #c', '[1, yes, 0o7]', '{yes: no, 010: a}', '!!str 123'],
  ...[
    '!!int "12"',
    '!!float "1.5"',
    '!!bool "true"',
    '!!str yes',
    '|-\n  x\n  y',
    '>-\n  x\n  y',
    '"x\\ty"',
    '"\\x41"',
  ],
];
/** Whole layers, each for itself. */
const LAYERS = [
  'yes: 1',
  '1: a\n1.5: b\n1e3: c\n0x10: d\n0o7: e\n010: f\n2020-01-01: g\n-0: h\n1_001: i',
  'true: a\n"<<": b',
  'base: &b {x: 1}\nweb: {<<: *b, x: 2}',
  'base: &b {x: {p: 1}}\nweb: {<<: *b, x: {q: 2}}',
  'base: &b {x: 1}\nweb: {y: 2, <<: *b}',
  'a: &a {x: 1}\nb: &b {x: 2, y: 3}\nc: {<<: [*a, *b]}',
  'a: &x 1\n*x : b',
  '__proto__: 1',
  'a: {__proto__: {b: 1}, constructor: {prototype: 1}}',
  'toString: 1',
  '\ufeffa: 1',
  'a: 1\r\nb: 2\r\n',
  'a: \ud83d\ude00',
  '---\na: 1\n...\n',
  'a: {b}',
  'a:\n- b\n-',
  'a: x\ty',
  '{"a":1,"b":[]}',
  '# nothing',
];

let folder: string;
let helmPath: string;
beforeAll(async () => {
  helmPath = (await ensureLayer({ cache: cacheFolder(process.env), progress: silentProgress, env: process.env })).helm;
  folder = await mkdtemp(join(tmpdir(), 'fairlead-read-as-helm-'));
  await mkdir(join(folder, 'chart', 'templates'), { recursive: true });
  await writeFile(join(folder, 'chart', 'Chart.yaml'), 'apiVersion: v2\nname: c\nversion: 0.1.0\n');
  const template =
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\ndata:\n  x: {{ .Values | toJson | b64enc }}\n';
  await writeFile(join(folder, 'chart', 'templates', 'x.yaml'), template);
}, 120_000);
afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** What helm makes of this values file; undefined when it refuses it. */
async function helmReads(text: string): Promise<unknown> {
  const file = join(folder, 'values.yaml');
  await writeFile(file, text);
  const args = ['template', 'r', join(folder, 'chart'), '-f', file];
  const env = { HOME: folder, PATH: '/nonexistent' };
  const { stdout } = await runTool({ command: helmPath, args, env, timeoutMs: 30_000 });
  const [, found] = /x: (\S+)$/m.exec(stdout) ?? [];
  return found === undefined ? undefined : JSON.parse(Buffer.from(found, 'base64').toString());
}

/** In a list, since helm does not show a null at the top: it takes a default away. */
const inList = (scalar: string) => `- ${scalar}`;

test('every scalar is what helm says it is', { timeout: 60_000 }, async () => {
  const readable = SCALARS.filter((scalar) => readLayerText(`all:\n${inList(scalar)}\n`).ok);
  const text = `all:\n${readable.map(inList).join('\n')}\n`;
  const ours = readLayerText(text);
  const theirs = await helmReads(text);
  expect(readable.length).toBeGreaterThan(120);
  const told = (found: unknown) =>
    Object.fromEntries(((found as { all: unknown[] }).all ?? []).map((value, i) => [readable[i], value]));
  // As JSON, which is how helm is given it: there is no -0 in it.
  expect(told(JSON.parse(JSON.stringify(ours.ok && ours.values)))).toEqual(told(theirs));
});

test('every layer is what helm says it is', { timeout: 60_000 }, async () => {
  for (const text of LAYERS) {
    const ours = readLayerText(text);
    expect([text, ours.ok ? { ...ours.values } : ours.because]).toEqual([text, await helmReads(text)]);
  }
});

describe('what helm refuses, or reads as nobody means it', () => {
  test.each([
    ['keys over those of a merge that follows', 'base: &b {x: 1}\nweb: {x: 2, <<: *b}', /put << first/],
    ['a key that is null', '~: 1', /key that is no text at line 1/],
    ['a key that is a list', '? [a]\n: b', /key that is no text/],
    ['a control character', 'a: "\u0000"', /character that YAML does not allow at line 1, column 5/],
    ['a line break of 1990', 'a: x\u0085y', /character that YAML does not allow/],
    ['half a character', 'a: "\\ud83d"', /text that is not Unicode at a, line 1, column 1/],
    ['a directive', '%YAML 1.2\n---\na: yes', /%YAML directive/],
    ['a number that JSON has not', 'b:\n  a: .inf', /number that JSON does not know at b\.a, line 2, column 3/],
  ])('%s is refused', async (_what, text, because) => {
    const read = readLayerText(text);
    expect(read).toMatchObject({ ok: false, because: expect.stringMatching(because) });
  });
});
