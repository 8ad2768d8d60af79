import { afterAll, describe, expect, test } from 'vitest';
import { packedEngine } from '../../../adapters/templates/packed-engine.ts';
import { templateEngine } from '../../../adapters/templates/template-engine.ts';
import { type Case, DATA } from './conformance/case.ts';
import { EDGES } from './conformance/edges.ts';
import { FASIT } from './conformance/fasit.ts';
import { LANGUAGE } from './conformance/language.ts';
import { SPRIG } from './conformance/sprig.ts';

const engine = templateEngine({ wasm: packedEngine, deadlineMs: 30_000 });
const GROUPS: Readonly<Record<string, readonly Case[]>> = { ...LANGUAGE, ...FASIT, ...SPRIG, ...EDGES };
const ALL = Object.values(GROUPS).flat();
let checked = 0;

afterAll(() => {
  process.stdout.write(`template conformance: ${checked} of ${ALL.length} cases\n`);
});

describe.each(Object.entries(GROUPS))('%s', { timeout: 60_000 }, (_group, cases) => {
  test.each(cases.map((one): [string, Case] => [one.template, one]))('%s', async (template, one) => {
    checked += 1;
    const [answer] = await engine.render([{ key: 'k', template }], { ...DATA, ...one.data });
    if ('gives' in one) expect(answer).toEqual({ key: 'k', ok: true, text: one.gives });
    else
      expect(answer).toEqual({ key: 'k', ok: false, code: one.refuses, because: expect.stringContaining(one.words) });
  });
});

test('the table holds at least 170 cases', () => {
  expect(ALL.length).toBeGreaterThanOrEqual(170);
});
