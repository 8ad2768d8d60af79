import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sourceDigest } from '../../../local/aws/source-digest.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'fairlead-sources-'));
  for (const folder of ['lib', 'lambdas/decide-next', 'statemachines', 'bin', 'docs'])
    await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, 'lib/stack.ts'), 'stack');
  await writeFile(join(root, 'bin/app.ts'), 'app');
  await writeFile(join(root, 'statemachines/rollout.asl.json'), '{}');
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('the digest of the CDK app', () => {
  test('is the same as long as nothing changes', async () => {
    expect(await sourceDigest(root, ['x'])).toBe(await sourceDigest(root, ['x']));
  });

  test.each([
    ['a changed source', () => writeFile(join(root, 'lib/stack.ts'), 'stacks')],
    ['a new function', () => writeFile(join(root, 'lambdas/decide-next/index.ts'), 'new')],
    ['a changed state machine', () => writeFile(join(root, 'statemachines/rollout.asl.json'), '{ }')],
    ['a renamed file', () => rename(join(root, 'lib/stack.ts'), join(root, 'lib/stacks.ts'))],
    ['other locked packages', () => writeFile(join(root, 'package-lock.json'), '{}')],
  ])('differs after %s', async (_, change) => {
    const before = await sourceDigest(root, ['x']);
    await change();
    expect(await sourceDigest(root, ['x'])).not.toBe(before);
  });

  test('does not look at what is not deployed', async () => {
    const before = await sourceDigest(root, []);
    await writeFile(join(root, 'docs/concepts.md'), 'words');
    await writeFile(join(root, 'lib/README.md'), 'words');
    expect(await sourceDigest(root, [])).toBe(before);
  });

  test('differs by what else it is given, also where the joints lie', async () => {
    expect(await sourceDigest(root, ['ab', 'c'])).not.toBe(await sourceDigest(root, ['a', 'bc']));
  });
});
