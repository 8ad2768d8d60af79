/** `npm run generate`: writes every file that is made from the code. Tests fail when one of them is stale. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generateAll } from './generate/all.ts';

const root = join(import.meta.dirname, '..');
for (const { path, content } of generateAll()) {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  console.log(path);
}
