import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { GoodInputs } from '../../../domain/items/release.ts';
import { chooseGood, hasPast } from '../../../domain/release/choose-good.ts';
import { aQuarantine, aRelease, NOW, OTHER_ROLLOUT } from '../../support/items.ts';

const good = (name: string, version = name): GoodInputs => ({
  rolloutId: OTHER_ROLLOUT,
  version,
  chartDigest: `sha256:${version}`,
  inputsDigest: name,
  revision: 1,
  at: NOW.toISOString(),
});
const barred = (...names: readonly string[]) => names.map((inputsDigest) => aQuarantine({ inputsDigest }));
const three = [good('a', '1.0.0'), good('b', '1.1.0'), good('c', '1.1.0')];

describe('the last good inputs', () => {
  test.each([
    ['are those before what stands there', { inputsDigest: 'c' }, [], 'b'],
    ['are not those that are quarantined', { inputsDigest: 'c' }, ['b'], 'a'],
    ['are the newest where something else stands', { inputsDigest: 'x' }, [], 'c'],
    ['are the newest where the release failed', { inputsDigest: undefined, state: 'failed' }, [], 'c'],
    [
      'are what stood there, while others are on their way in',
      {
        inputsDigest: 'c',
        state: 'deploying',
        underway: { rolloutId: OTHER_ROLLOUT, version: '2', inputsDigest: 'd' },
      },
      [],
      'c',
    ],
    [
      'are not those that are on their way in',
      {
        inputsDigest: 'b',
        state: 'deploying',
        underway: { rolloutId: OTHER_ROLLOUT, version: '1.1.0', inputsDigest: 'c' },
      },
      [],
      'b',
    ],
  ] as const)('%s', (_, release, quarantined, chosen) => {
    const answer = chooseGood(aRelease({ good: three, ...release }), barred(...quarantined), 'last-good');
    expect(answer).toMatchObject({ found: true, good: { inputsDigest: chosen } });
  });

  it('never are what stands there, nor quarantined, and are good ones there', () => {
    const names = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    fc.assert(
      fc.property(fc.uniqueArray(names), fc.option(names), fc.uniqueArray(names), (list, stands, quarantined) => {
        const release = aRelease({ good: list.map((name) => good(name)), inputsDigest: stands ?? undefined });
        const answer = chooseGood(release, barred(...quarantined), 'last-good');
        const possible = list.filter((name) => name !== stands && !quarantined.includes(name));
        if (!answer.found) expect(possible).toEqual([]);
        else expect(answer.good.inputsDigest).toBe(possible.at(-1));
      }),
    );
  });
});

describe('a version', () => {
  it('is the newest of its inputs that were good there', () => {
    const answer = chooseGood(aRelease({ good: three }), [], { version: '1.1.0' });
    expect(answer).toMatchObject({ found: true, good: { inputsDigest: 'c' } });
  });

  it('that was never good there is refused, with what was', () => {
    expect(chooseGood(aRelease({ good: three }), [], { version: '9.9.9' })).toEqual({
      found: false,
      code: 'inputs-gone',
      because: 'webui 9.9.9 is not among what was good in dev (good there: 1.1.0, 1.0.0)',
    });
  });

  it('whose inputs are all quarantined is refused, with who may let them in', () => {
    const answer = chooseGood(aRelease({ good: three }), barred('b', 'c'), { version: '1.1.0' });
    expect(answer).toMatchObject({ found: false, code: 'quarantined' });
    expect(answer).toMatchObject({ because: expect.stringContaining("'fairlead lift webui dev'") });
  });
});

it('of a first install there is no way back, and that is said', () => {
  expect(chooseGood(aRelease({ good: [good('hmac-sha256:old-inputs', '1.4.1')] }), [], 'last-good')).toEqual({
    found: false,
    code: 'inputs-gone',
    because: 'dev has no earlier good inputs of webui (good there: 1.4.1, 1.4.1 stands there)',
  });
});

test.each([
  ['nothing is recorded', undefined, false],
  ['nothing stands and nothing was good', aRelease({ state: 'absent' }), false],
  ['nothing stands, but something was good', aRelease({ state: 'absent', good: three }), true],
  ['something failed there', aRelease({ state: 'failed' }), true],
  ['something stands there', aRelease(), true],
] as const)('where %s there is something to go back from: %#', (_, release, past) => {
  expect(hasPast(release)).toBe(past);
});
