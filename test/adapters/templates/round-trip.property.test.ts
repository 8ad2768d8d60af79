import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { packedEngine } from '../../../adapters/templates/packed-engine.ts';
import { templateEngine } from '../../../adapters/templates/template-engine.ts';
import { DATA } from './conformance/case.ts';

vi.setConfig({ testTimeout: 120_000 });

const engine = templateEngine({ wasm: packedEngine, deadlineMs: 60_000 });
/** What YAML, of one version or the other, takes for something else when it is not quoted. */
const ODD =
  'yes|on|~|null|0777|0o17|0x1F|0b1|1_000|1:30|.5|1.|1e3|+1|.inf|.nan|2001-01-01|=|<<|- a|a: b|# x|&a|*a|!t|%|@|`|? '.split(
    '|',
  );
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom(...ODD));
/** What layers can hold: JSON without numbers that JavaScript itself does not keep, such as -0. */
const value = fc
  .oneof(fc.jsonValue({ maxDepth: 3 }), fc.array(text), fc.dictionary(text, text))
  .map((it): unknown => JSON.parse(JSON.stringify(it)));

async function rendered(template: string, v: unknown): Promise<string> {
  const [answer] = await engine.render([{ key: 'k', template }], { ...DATA, Env: { v } });
  if (answer?.ok !== true) throw new Error(JSON.stringify(answer));
  return answer.text;
}

test('a text comes out as it went in', async () => {
  await fc.assert(
    fc.asyncProperty(text, async (v) => {
      expect(await rendered('{{ .Env.v }}', v)).toBe(v);
    }),
    { numRuns: 200 },
  );
});

test('a text that is quoted is read by YAML as what it was', async () => {
  await fc.assert(
    fc.asyncProperty(text, async (v) => {
      expect(parse(await rendered('{{ .Env.v | quote }}', v))).toBe(v);
    }),
    { numRuns: 200 },
  );
});

test.each(['toJSON', 'toYAML'])('%s of anything is read by YAML as what it was', async (name) => {
  await fc.assert(
    fc.asyncProperty(value, async (v) => {
      expect(parse(await rendered(`{{ ${name} .Env.v }}`, v))).toEqual(v);
    }),
    { numRuns: 200 },
  );
});

test('whatever a text holds, no error tells it', async () => {
  const secret = fc
    .string({ minLength: 8, maxLength: 20, unit: 'grapheme-ascii' })
    .filter((it) => it.trim().length > 7);
  const failing = [
    '{{ mustRegexMatch .Env.v 1 }}',
    '{{ semver .Env.v }}{{ fail .Env.v }}',
    '{{ range .Env.v }}{{ end }}',
  ];
  await fc.assert(
    fc.asyncProperty(secret, fc.constantFrom(...failing), async (v, template) => {
      const [answer] = await engine.render([{ key: 'k', template }], { ...DATA, Env: { v } });
      expect(answer).toMatchObject({ ok: false });
      expect(answer?.ok === false && answer.because).not.toContain(v);
    }),
    { numRuns: 100 },
  );
});
