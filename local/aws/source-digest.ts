import { createHash } from 'node:crypto';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** All that the CDK app is made of: what it runs, and what it bundles. A synthesised app is stale as soon as one of these differs. */
const SOURCES = [
  '{lib,lambdas,statemachines,domain,contracts,adapters}/**/*.{ts,json,mjs}',
  'bin/app.ts',
  'cdk.json',
  'package-lock.json',
];

/** SHA-256, in hex, over the names and bytes of the app's sources and over `extra` (context, configuration, node's version). */
export async function sourceDigest(root: string, extra: readonly string[]): Promise<string> {
  const names: string[] = [];
  for (const pattern of SOURCES) for await (const name of glob(pattern, { cwd: root })) names.push(name);
  const hash = createHash('sha256');
  for (const name of names.sort()) {
    const bytes = await readFile(join(root, name));
    hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  }
  for (const text of extra) hash.update(`\0${text.length}\0${text}`);
  return hash.digest('hex');
}
