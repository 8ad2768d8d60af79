import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { readSecretOn } from '../../bin/read-secret.ts';

/** A stdin and a stderr, of a terminal or not. */
function streams({ isTTY }: { isTTY: boolean }) {
  const modes: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), { isTTY, setRawMode: (mode: boolean) => void modes.push(mode) });
  const stderr = Object.assign(new PassThrough(), { isTTY });
  const read = readSecretOn({ stdin, stderr } as unknown as Pick<NodeJS.Process, 'stdin' | 'stderr'>);
  return { stdin, stderr, modes, read };
}

test.each([
  ['hunter2\n', 'hunter2'],
  ['hunter2\r\n', 'hunter2'],
  ['two\nlines\n\n', 'two\nlines\n'],
  ['', ''],
])('piped in, %j is %j', async (piped, secret) => {
  const { stdin, read } = streams({ isTTY: false });
  stdin.end(piped);
  expect(await read('token: ')).toBe(secret);
});

test.each([
  [['hun', 'ter2', '\r'], 'hunter2'],
  [['hunter3', '\u007f', '2\r'], 'hunter2'],
  [['hun', '\u0003'], undefined],
])('typed, %j is %s, and is not shown', async (keys, secret) => {
  const { stdin, stderr, modes, read } = streams({ isTTY: true });
  const answer = read('token: ');
  for (const key of keys) stdin.write(key);
  expect(await answer).toBe(secret);
  expect(String(stderr.read())).toBe('token: \n');
  expect(modes).toEqual([true, false]);
});
