import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generateAll } from '../../bin/generate/all.ts';

const ROOT = join(import.meta.dirname, '../..');

test.each(generateAll().map(({ path, content }) => [path, content] as const))(
  '%s is as its generator makes it (npm run generate)',
  (path, content) => {
    expect(existsSync(join(ROOT, path)) && readFileSync(join(ROOT, path), 'utf8')).toBe(content);
  },
);
