import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { diagram, machinePictures, words } from '../../bin/generate/machine-pictures.ts';

const ROOT = join(import.meta.dirname, '../..');
const pages = machinePictures();

describe('the pictures of the machines', () => {
  it.each(pages)('$path is as the machine is (npm run generate)', async ({ path, content }) => {
    expect(await readFile(join(ROOT, path), 'utf8')).toBe(content);
  });

  it.each(pages)('$path leads nowhere that is not drawn', ({ content }) => {
    const lines = content.split('\n');
    const drawn = lines.map((line) => / as (\w+)/.exec(line)?.[1] ?? /state (\w+) <<choice>>/.exec(line)?.[1]);
    const ends = lines
      .flatMap((line) => /^\s+(\S+) --> (\S+)/.exec(line)?.slice(1) ?? [])
      .filter((end) => end !== '[*]');
    expect(ends.filter((end) => !drawn.includes(end))).toEqual([]);
  });
});

test('a picture has every way out of a state, and says what decides it', () => {
  const lines = diagram(
    {
      StartAt: 'Ask',
      States: {
        Ask: { Type: 'Task', Next: 'Well?', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Over' }] },
        'Well?': {
          Type: 'Choice',
          Choices: [{ Condition: "{% $answer.outcome = 'yes' and $turns < 3 %}", Next: 'Ask' }],
          Default: 'Over',
        },
        Over: { Type: 'Succeed' },
      },
    },
    '',
  );
  expect(lines).toEqual([
    '[*] --> Ask',
    'state "Ask" as Ask',
    'Ask --> Well',
    'Ask --> Over : breaks',
    'state Well <<choice>>',
    'Well --> Ask : yes and turns under 3',
    'Well --> Over : else',
    'state "Over" as Over',
    'Over --> [*]',
  ]);
});

test('two reasons for one way share it', () => {
  const states = { Act: { Type: 'Map', Next: 'Act', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Act' }] } } as const;
  const mutable = structuredClone(states) as unknown as Parameters<typeof diagram>[0]['States'];
  expect(diagram({ StartAt: 'Act', States: mutable }, '')).toContain('Act --> Act : done / breaks');
});

test.each([
  ["{% $states.input.action = 'deploy' %}", 'deploy'],
  ["{% $answer.outcome = 'busy' and $turns < 100 %}", 'busy and turns under 100'],
  ["{% $x = 'a:b;c' %}", 'x is a b c'],
])('%s reads: %s', (condition, said) => {
  expect(words(condition)).toBe(said);
});
