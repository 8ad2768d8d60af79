import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { bundleAction } from '../../bin/bundle/bundle-action.ts';
import type { Generated } from '../../bin/generate/generated.ts';

const ROOT = join(import.meta.dirname, '../..');
let files: readonly Generated[];
beforeAll(async () => {
  files = await bundleAction();
});

const textOf = (path: string) => files.find((file) => file.path === path)?.content ?? '';

test("the Action's bundle is as its sources make it (npm run bundle)", () => {
  for (const { path, content } of files) {
    // The files are large: a difference would be shown in full.
    expect([path, readFileSync(join(ROOT, path), 'utf8') === content]).toEqual([path, true]);
  }
});

test('the same sources make the same bytes', async () => {
  expect((await bundleAction()).map(({ content }) => content)).toEqual(files.map(({ content }) => content));
});

test('the bundle names no path of the machine that made it, and stays small', () => {
  const bundle = textOf('action/dist/index.js');
  expect(bundle).not.toContain(ROOT);
  expect(bundle.length).toBeLessThan(2_000_000);
});

test('every package in the bundle comes with its license', () => {
  const packages = new Set(textOf('action/dist/index.js').match(/(?<=^\/\/ node_modules\/)(@[^/]+\/)?[^/]+/gm));
  expect(packages.size).toBeGreaterThan(10);
  for (const name of packages) expect(textOf('action/dist/licenses.txt')).toMatch(new RegExp(`^== ${name} \\d`, 'm'));
});
