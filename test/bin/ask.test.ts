import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { askOn } from '../../bin/ask.ts';

/** A terminal that answers each question with `typed`; undefined hangs up instead. */
function terminal(typed: string | undefined, isTTY: { stdin?: boolean; stderr?: boolean } = {}) {
  const stdin = Object.assign(new PassThrough(), { isTTY: isTTY.stdin ?? true });
  const stderr = Object.assign(new PassThrough(), { isTTY: isTTY.stderr ?? true });
  const seen: string[] = [];
  stderr.on('data', (chunk: Buffer) => {
    // What is typed is echoed, and is no further question.
    if (seen.push(chunk.toString()) > 1) return;
    if (typed === undefined) stdin.end();
    else stdin.write(typed);
  });
  return { seen, ask: askOn({ stdin, stderr } as unknown as Pick<NodeJS.Process, 'stdin' | 'stderr'>) };
}

describe('a question at the terminal', () => {
  it.each([
    ['y\n', true],
    [' YES \n', true],
    ['\n', false],
    ['n\n', false],
    ['yep\n', false],
    [undefined, false],
  ])('answered with %j is %s', async (typed, expected) => {
    const { ask, seen } = terminal(typed);
    expect(await ask('Write this? [y/N] ')).toBe(expected);
    expect(seen.join('')).toContain('Write this? [y/N] ');
    // Who answers presses return; after Ctrl-C what is said next would stand behind the question.
    expect(seen.at(-1) === '\n').toBe(typed === undefined);
  });

  it.each([{ stdin: false }, { stderr: false }])(
    'is not asked where nobody can see or answer it: %j',
    async (isTTY) => {
      const { ask, seen } = terminal('y\n', isTTY);
      expect(await ask('Write this? [y/N] ')).toBeUndefined();
      expect(seen).toEqual([]);
    },
  );
});
