/** The licenses of the packages whose code is in a bundle. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { ROOT } from '../root.ts';

const Manifest = z.object({ version: z.string(), license: z.string().default('see its text') });

/** Name, version and license of every package that `inputs` (files relative to the root) are of, and each text once, with those it is of. */
export async function licensesOf(inputs: readonly string[]): Promise<string> {
  const folders = new Set(inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []));
  const packages = await Promise.all([...folders].sort().map(licenseOf));
  const byText = Map.groupBy(packages, ({ text }) => text);
  const parts = [...byText].map(([text, of]) => `${of.map(({ head }) => `== ${head}`).join('\n')}\n\n${text}\n`);
  return parts.join('\n');
}

async function licenseOf(folder: string): Promise<{ readonly head: string; readonly text: string }> {
  const { version, license } = Manifest.parse(JSON.parse(await readFile(join(ROOT, folder, 'package.json'), 'utf8')));
  const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const files = (await readdir(join(ROOT, folder))).filter((file) => /^(licen[cs]e|notice)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(ROOT, folder, file), 'utf8')));
  const text = texts.map((one) => one.trim().replaceAll('\r\n', '\n')).join('\n\n');
  return { head: `${name} ${version} (${license})`, text };
}
