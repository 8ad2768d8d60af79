import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testCli } from '../cli/support.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const guides = ['README.md', ...globSync('docs/{*,runbooks/*}.md', { cwd: ROOT })].sort();

/** Words of a shell's line up to its comment, pipe or end; `…` stands for what the reader fills in. */
function words(line: string): string[] {
  const found: string[] = [];
  for (const [word] of line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)) {
    if (/^(#|\||&&|;)/.test(word)) break;
    found.push(word.replaceAll(/['"]/g, ''));
  }
  return found;
}

/** What follows `fairlead` in shell blocks of a guide; what the console answers is none of it. */
const commandsIn = (path: string) =>
  [...read(path).matchAll(/^```(sh|console|text)\n([\s\S]*?)^```/gm)].flatMap(([, kind, block = '']) =>
    block.split('\n').flatMap((line) => {
      const typed = kind === 'sh' ? line : (/^\$ (.*)/.exec(line)?.[1] ?? '');
      const [, rest] = /^(?:npx )?fairlead (.*)$/.exec(typed) ?? [];
      return rest === undefined ? [] : [words(rest)];
    }),
  );
const commands = guides.flatMap((path) => commandsIn(path).map((argv) => [path, argv.join(' '), argv] as const));

describe('commands in the guides', () => {
  test('are many', () => expect(commands.length).toBeGreaterThan(40));

  test.each(commands)('%s: fairlead %s', async (_path, _line, argv) => {
    const { code, err } = await (await testCli()).run([...argv, '--help']);
    expect([code, err]).toEqual([0, '']);
  });
});
