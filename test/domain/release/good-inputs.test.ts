import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { GoodInputs } from '../../../domain/items/release.ts';
import { MOST_GOOD, movedOn, rememberGood } from '../../../domain/release/good-inputs.ts';
import { releaseAfter } from '../../../domain/release/release-after.ts';
import { aDeployment, aRelease, NOW, OTHER_ROLLOUT, ROLLOUT, someInputs } from '../../support/items.ts';

const good = (inputsDigest: string, given: Partial<GoodInputs> = {}): GoodInputs => ({
  rolloutId: OTHER_ROLLOUT,
  version: '1.4.1',
  chartDigest: 'sha256:9999',
  inputsDigest,
  revision: 4,
  at: NOW.toISOString(),
  ...given,
});
const ended = (is: 'ready' | 'unchanged' | 'rolled-back' | 'failed', revision?: number) =>
  [is, { state: 'succeeded', outcome: { code: 'ready', because: 'so' }, revision, provedBad: false }, NOW] as const;

it('remembers the last ten good inputs, each once, the newest last', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 14 }), { minLength: 1 }), (digests) => {
      const list = digests.reduce<readonly GoodInputs[]>((known, n) => rememberGood(known, good(`d-${n}`)), []);
      const names = list.map(({ inputsDigest }) => inputsDigest);
      const lastFirst = [...new Set(digests.toReversed().map((n) => `d-${n}`))];
      expect(names).toEqual(lastFirst.slice(0, MOST_GOOD).reverse());
    }),
  );
});

it('says of inputs that prove good again where they did so last', () => {
  const again = rememberGood([good('a', { revision: 1 }), good('b')], good('a', { revision: 9 }));
  expect(again.map(({ inputsDigest, revision }) => [inputsDigest, revision])).toEqual([
    ['b', 4],
    ['a', 9],
  ]);
});

it.each(['ready', 'unchanged'] as const)('remembers the inputs of a deployment that ended %s', (is) => {
  const before = aRelease({ good: [good('hmac-sha256:old-inputs')] });
  const after = releaseAfter(aDeployment({ state: 'observing' }), before, ...ended(is, 5));
  expect(after.good?.map(({ rolloutId, inputsDigest, revision }) => [rolloutId, inputsDigest, revision])).toEqual([
    [OTHER_ROLLOUT, 'hmac-sha256:old-inputs', 4],
    [ROLLOUT, 'hmac-sha256:inputs', 5],
  ]);
});

it.each(['rolled-back', 'failed'] as const)('forgets nothing, and adds nothing, when one ended %s', (is) => {
  const before = aRelease({ good: [good('hmac-sha256:old-inputs')] });
  const after = releaseAfter(aDeployment({ state: 'observing' }), before, ...ended(is, 4));
  expect(after.good).toEqual(before.good);
});

it('keeps in mind which inputs left a release failed, until something healthy stands there', () => {
  const failed = releaseAfter(aDeployment({ state: 'observing', revision: 5 }), aRelease(), ...ended('failed'));
  expect(failed.tried).toEqual({ rolloutId: ROLLOUT, version: '1.4.2', inputsDigest: 'hmac-sha256:inputs' });
  const next = aDeployment({ state: 'observing', inputs: someInputs({ digest: 'hmac-sha256:next' }) });
  expect(releaseAfter(next, { ...failed, rev: 2 }, ...ended('ready', 6)).tried).toBeUndefined();
});

it('follows a roll-back: the good inputs stand as the revision that helm made of them', () => {
  const known = [good('a', { revision: 3 }), good('b')];
  expect(movedOn(known, 4, 6)).toEqual([good('a', { revision: 3 }), good('b', { revision: 6 })]);
  const before = aRelease({ goodRevision: 4, liveRevision: 4, good: known });
  const { good: after, goodRevision } = releaseAfter(aDeployment({ revision: 5 }), before, ...ended('rolled-back', 6));
  expect([goodRevision, after?.at(-1)?.revision]).toEqual([6, 6]);
});

it.each([
  ['nothing is known', undefined],
  ['the good revision was not ours', [good('a', { revision: 2 })]],
])('leaves what is known as it is when %s', (_, known) => {
  expect(movedOn(known, 4, 6)).toEqual(known);
  const before = aRelease({ goodRevision: 4, liveRevision: 4, ...(known !== undefined && { good: known }) });
  expect(releaseAfter(aDeployment({ revision: 5 }), before, ...ended('rolled-back', 6)).good).toEqual(known);
});
