import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { packedEngine } from '../../adapters/templates/packed-engine.ts';
import { templateEngine } from '../../adapters/templates/template-engine.ts';
import type { TemplateData } from '../../domain/values/feature/facts.ts';

vi.setConfig({ testTimeout: 60_000 });

const ROOT = join(import.meta.dirname, '../..');
const page = await readFile(join(ROOT, 'docs/templates.md'), 'utf8');
const data = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '') as TemplateData;
const engine = templateEngine({ wasm: packedEngine, deadlineMs: 30_000 });

/** The last two cells of each row that has a template in one and code in the other. */
const EXAMPLES = page.split('\n').flatMap((line): [string, string][] => {
  const cells = /`(\{\{.*?\}\}[^`]*)` \| `([^`]*)` \|$/.exec(line);
  return cells === null ? [] : [[(cells[1] ?? '').replaceAll('\\|', '|'), cells[2] ?? '']];
});

test('every example of the page gives what it says', async () => {
  expect(EXAMPLES.length).toBeGreaterThanOrEqual(20);
  const answers = await engine.render(
    EXAMPLES.map(([template], i) => ({ key: String(i), template })),
    data,
  );
  const said = answers.map((one) => (one.ok ? one.text.trimEnd() : one.because));
  expect(said).toEqual(EXAMPLES.map(([, gives]) => gives.trimEnd()));
});

test("the page lists all of fasit's functions that the engine has, and no other", async () => {
  const source = await readFile(join(ROOT, 'adapters/templates/engine/fasit.go'), 'utf8');
  const has = [...source.matchAll(/^\t"(\w+)": /gm)].map(([, name]) => name).sort();
  const own = page.slice(page.indexOf("## fasit's own functions"), page.indexOf('## What is not there'));
  expect([...own.matchAll(/^\| `(\w+) /gm)].map(([, name]) => name).sort()).toEqual(has);
  expect(has.length).toBe(15);
});
