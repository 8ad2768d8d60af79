import { describe, expect, it, test } from 'vitest';
import { judgeBegin } from '../../../domain/deployment/begin-deployment.ts';
import { finishDeployment } from '../../../domain/deployment/finish-deployment.ts';
import type { DeploymentSeen } from '../../../domain/deployment/look-at-deployment.ts';
import type { HoldItem, ReleaseItem } from '../../../domain/items/release.ts';
import { keys } from '../../../domain/keys.ts';
import { CALENDAR } from '../../support/calendar.ts';
import { DEPLOYERS } from '../../support/deployment-table.ts';
import {
  aDeployment,
  aHold,
  aQuarantine,
  aRelease,
  aRollout,
  NOW,
  OTHER_ROLLOUT,
  ROLLOUT,
} from '../../support/items.ts';

const rollback = { to: 'last-good' as const, reason: 'checkout fails', by: 'fairlead-operator/ada' };
const deployment = aDeployment({ state: 'observing', begun: 1, revision: 5 });
const seenWith = (release: Partial<ReleaseItem> = {}, given: Partial<DeploymentSeen> = {}): DeploymentSeen => ({
  deployment,
  rollout: aRollout({ rollback }),
  release: aRelease({ state: 'deploying', highestSequence: 7, ...release }),
  ...given,
});
const ready = { is: 'ready', revision: 5, because: 'ready' } as const;
const failure = { code: 'not-ready', because: 'pods crash' } as const;
const written = (seen: DeploymentSeen, result: Parameters<typeof finishDeployment>[2] = ready) =>
  finishDeployment(seen, 1, result, NOW).writes.filter(({ key }) => key.type === 'quarantine');
const tried = { rolloutId: OTHER_ROLLOUT, version: '1.5.0', inputsDigest: 'hmac-sha256:tried' };

describe('a rollback that ends well', () => {
  test.each([ready, { ...ready, is: 'unchanged' as const }])(
    'quarantines what it replaced, with who and why ($is)',
    (result) => {
      expect(written(seenWith(), result)).toEqual([
        {
          do: 'put',
          key: keys.quarantine('dev', 'webui', 'hmac-sha256:old-inputs'),
          expect: 'absent',
          item: expect.objectContaining({
            inputsDigest: 'hmac-sha256:old-inputs',
            version: '1.4.1',
            rolloutId: ROLLOUT,
            because: '1.4.1 was rolled back by fairlead-operator/ada: checkout fails',
          }),
        },
      ]);
    },
  );

  it('quarantines the inputs that had left the release failed', () => {
    const failed = { rolloutId: undefined, version: undefined, inputsDigest: undefined, tried };
    expect(written(seenWith(failed as unknown as Partial<ReleaseItem>))).toMatchObject([
      { item: { inputsDigest: tried.inputsDigest } },
    ]);
  });

  it('leaves a quarantine that is there in its own words', () => {
    const there = aQuarantine({ inputsDigest: 'hmac-sha256:old-inputs' });
    expect(written(seenWith({}, { replaced: there }))).toMatchObject([{ do: 'check', expect: { rev: 1 } }]);
  });

  it('quarantines nothing when the same inputs stood there', () => {
    expect(written(seenWith({ inputsDigest: deployment.inputs.digest }))).toEqual([]);
  });

  it('quarantines nothing where nothing was before', () => {
    expect(written(seenWith({}, { release: undefined }))).toEqual([]);
  });
});

describe('the hold of a failed rollback', () => {
  const kind = 'failed-rollback' as const;
  const pending = (hold: HoldItem, rollout = aRollout({ rollback })) => {
    const seen = seenWith({ state: 'failed', highestSequence: 6 }, { rollout, hold });
    return { ...seen, deployment: aDeployment(), deployers: DEPLOYERS, freezes: [], calendar: CALENDAR };
  };
  const holdsIn = (hold: HoldItem, result: Parameters<typeof finishDeployment>[2] = ready) =>
    finishDeployment(seenWith({}, { hold }), 1, result, NOW).writes.filter(({ key }) => key.type === 'hold');

  it('lets a rollback in, and no other rollout', () => {
    expect(judgeBegin(pending(aHold({ kind })), 1, NOW)).toMatchObject({ is: 'begins' });
    expect(judgeBegin(pending(aHold({ kind }), aRollout()), 1, NOW)).toMatchObject({ is: 'skipped', code: 'held' });
  });

  it("of a person's does not let it in", () => {
    expect(judgeBegin(pending(aHold()), 1, NOW)).toMatchObject({ is: 'skipped', code: 'held' });
  });

  it('ends with a rollback that ends well, and only then', () => {
    expect(holdsIn(aHold({ kind }))).toMatchObject([{ do: 'delete', expect: { rev: 1 } }]);
    expect(holdsIn(aHold({ kind }), { is: 'failed', failure })).toMatchObject([{ do: 'check' }]);
    expect(holdsIn(aHold())).toEqual([]);
  });
});

it('a rollback that ends badly does not quarantine what it was to replace', () => {
  const digests = written(seenWith(), { is: 'failed', failure }).map(({ key }) => key);
  expect(digests).toEqual([keys.quarantine('dev', 'webui', deployment.inputs.digest)]);
});

it('any other rollout quarantines nothing that it replaces', () => {
  expect(written(seenWith({}, { rollout: aRollout() }))).toEqual([]);
});

it('what comes with quarantined inputs is told which command lets them in', () => {
  const quarantine = aQuarantine({ because: '1.4.2 was rolled back by fairlead-operator/ada: checkout fails' });
  const seen = { ...seenWith({ state: 'deployed', highestSequence: 6 }), rollout: aRollout(), quarantine };
  const pending = { ...seen, deployment: aDeployment(), deployers: DEPLOYERS, freezes: [], calendar: CALENDAR };
  const verdict = judgeBegin(pending, 1, NOW);
  expect(verdict).toMatchObject({ is: 'blocked', code: 'quarantined' });
  expect(verdict.because).toContain('checkout fails');
  expect(verdict.because).toContain('fairlead lift webui dev');
});
