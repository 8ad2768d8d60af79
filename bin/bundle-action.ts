/** `npm run bundle`: writes `action/dist`, which GitHub runs as it is. A test fails when it is stale. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bundleAction } from './bundle/bundle-action.ts';
import { ROOT } from './root.ts';

for (const { path, content } of await bundleAction()) {
  const file = join(ROOT, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  console.log(`${path} ${Math.ceil(Buffer.byteLength(content) / 1024)} kB`);
}
