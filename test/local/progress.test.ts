import { expect, test } from 'vitest';
import { progressOn } from '../../local/progress.ts';

/** A stream that remembers, and a clock that is set by hand. */
function recorder(isTTY = false) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const stream = { isTTY, columns: 100, rows: 40, write: (text: unknown) => written.push(String(text)) > 0 };
  return { text: () => written.join(''), clock, progress: progressOn(stream, () => clock.ms) };
}

test('off a terminal each step says that it starts and how it ended, with its time', () => {
  const { text, clock, progress } = recorder();
  const good = progress.step('building');
  const bad = progress.step('fetching');
  clock.ms = 1_500;
  good.done();
  bad.fail('no network');
  expect(text()).toBe('… building\n… fetching\n✓ building (1.5 s)\n✗ fetching: no network (1.5 s)\n');
});

test('off a terminal a step that goes on says so at most every five seconds, and nothing after its end', () => {
  const { text, clock, progress } = recorder();
  const step = progress.step('building');
  for (const [ms, word] of [
    [1_000, 'a'],
    [5_000, 'b'],
    [6_000, 'c'],
    [10_100, 'd'],
  ] as const) {
    clock.ms = ms;
    step.update(word);
  }
  step.done('there');
  step.update('late');
  step.fail('later still');
  expect(text()).toBe('… building\n… building: b\n… building: d\n✓ building: there (10.1 s)\n');
});

test('on a terminal running steps are redrawn together, and ended ones stay above them', () => {
  const { text, clock, progress } = recorder(true);
  const one = progress.step('one');
  const two = progress.step('two');
  one.update('half way');
  clock.ms = 200;
  one.done();
  expect(text()).toContain('✓ one (0.2 s)\n');
  expect(text().slice(text().indexOf('✓ one'))).toMatch(/two.*0\.2 s/);
  two.fail('broken');
  expect(text()).toContain('✗ two: broken (0.2 s)\n');
});
