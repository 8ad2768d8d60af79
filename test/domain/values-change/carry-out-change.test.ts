import { describe, expect, it } from 'vitest';
import type { ChangeItem, PlanItem } from '../../../domain/items/values.ts';
import type { Write } from '../../../domain/table.ts';
import { type CarryOut, type CarryOutSeen, carryOutChange } from '../../../domain/values-change/carry-out-change.ts';
import { changers } from '../../../domain/values-change/changers.ts';
import { anEnvironment, aPackage, aStage, NOW, OTHER_ROLLOUT, ROLLOUT } from '../../support/items.ts';
import { aPlace } from '../../support/rollout-seen.ts';

const BY = 'arn:aws:sts::111111111111:assumed-role/fairlead-operator/ann';
const CHANGE: ChangeItem = {
  type: 'change',
  v: 1,
  rev: 3,
  package: 'webui',
  changed: [{ name: 'webui-service-helm-values', version: 4, by: BY, at: NOW.toISOString() }],
  since: NOW.toISOString(),
  last: NOW.toISOString(),
  state: 'gathering',
  because: 'changed',
};
const gate = { approvals: 1, authorMayApprove: false, hours: 24, statuses: [] };
const STAGES = [
  aStage({ name: 'dev', targets: [{ ring: 'dev' }] }),
  aStage({ name: 'prod', targets: [{ ring: 'prod' }], gate }),
];
const environments = ['dev', 'prod-eu', 'prod-us', 'lab'].map((name) =>
  anEnvironment({ name, labels: { ring: name.replace(/-.*/, '') } }),
);
const seen = (given: Partial<CarryOutSeen> = {}): CarryOutSeen => ({
  pkg: aPackage({ stages: STAGES }),
  environments,
  queue: [],
  change: CHANGE,
  concerned: [
    { environment: 'prod-eu', version: '1.0.0' },
    { environment: 'dev', version: '1.0.0' },
  ],
  ...given,
});
const asked = (given: Partial<CarryOut> = {}): CarryOut => ({
  how: 'start',
  id: ROLLOUT,
  principal: changers(CHANGE.changed, '111111111111'),
  ...given,
});
const put = (writes: readonly Write[], type: string) =>
  writes.flatMap((write) => (write.do === 'put' && write.item.type === type ? [write.item] : []))[0];

describe('a change that is rolled out', () => {
  const done = carryOutChange(seen(), asked(), NOW);

  it('reaches exactly the environments that use it, in the package’s stages', () => {
    expect(done).toMatchObject({ is: 'started', id: ROLLOUT, matched: ['dev', 'prod-eu'] });
    expect(put(done.writes, 'request')).toMatchObject({ stages: STAGES, values: {} });
    expect(put(done.writes, 'rollout')).toMatchObject({
      version: '1.0.0',
      valuesChange: { changed: CHANGE.changed, environments: ['dev', 'prod-eu'] },
      principal: { role: 'values change', session: BY, account: '111111111111' },
    });
  });

  it('says who changed what', () => {
    expect(put(done.writes, 'event')).toMatchObject({
      text: `values of webui changed (webui-service-helm-values v4 by ${BY}): accepted for 2 environments in 2 stages`,
      by: `values change/${BY}`,
    });
  });

  it('is marked in the same transaction, so that it is rolled out once', () => {
    expect(put(done.writes, 'change')).toMatchObject({ state: 'started', rolloutId: ROLLOUT, rev: 4 });
    expect(done.writes).toContainEqual(expect.objectContaining({ do: 'put', expect: { rev: 3 } }));
  });

  it('names the versions that its environments keep', () => {
    const two = seen({
      concerned: [
        { environment: 'prod-eu', version: '1.0.0' },
        { environment: 'dev', version: '1.1.0' },
      ],
    });
    expect(put(carryOutChange(two, asked(), NOW).writes, 'rollout')).toMatchObject({ version: '1.0.0, 1.1.0' });
  });

  it('goes by the promotion order where the package has no stages, and everywhere at once without one', () => {
    const pkg = aPackage();
    const ordered = carryOutChange(seen({ pkg, promotionOrder: STAGES.slice(0, 1) }), asked(), NOW);
    expect(ordered).toMatchObject({ is: 'started', matched: ['dev'] });
    const everyone = carryOutChange(seen({ pkg }), asked(), NOW);
    expect(put(everyone.writes, 'request')).toMatchObject({ stages: [{ name: 'everyone', targets: [{}] }] });
  });

  it('keeps the installation’s gates, whatever a repository says of its package', () => {
    const claimedBy = { repository: 'acme/webui', repositoryId: '1', ref: 'r', sha: 's' };
    const pkg = aPackage({ stages: [aStage({ targets: [{}] })], claimedBy });
    const answer = carryOutChange(seen({ pkg, promotionOrder: STAGES }), asked(), NOW);
    expect(put(answer.writes, 'request')).toMatchObject({ stages: [{ name: 'everyone', gate }] });
  });
});

describe('a change waits', () => {
  it.each([
    ['for an open rollout that goes to one of its environments', aPlace(1, ['dev'], OTHER_ROLLOUT)],
    ['for one that is not planned yet', aPlace(1, undefined, OTHER_ROLLOUT)],
  ])('%s, and says so once', (_, place) => {
    const first = carryOutChange(seen({ queue: [place] }), asked(), NOW);
    expect(first).toMatchObject({ is: 'waits', because: expect.stringContaining(`rollout ${OTHER_ROLLOUT} is open`) });
    expect(put(first.writes, 'change')).toMatchObject({ state: 'gathering', because: first.because });
    const told = seen({ queue: [place], change: { ...CHANGE, because: first.because } });
    expect(carryOutChange(told, asked(), NOW).writes).toEqual([]);
  });

  it('not for a rollout that goes elsewhere', () => {
    const queue = [aPlace(1, ['prod-us'], OTHER_ROLLOUT)];
    expect(carryOutChange(seen({ queue }), asked(), NOW)).toMatchObject({ is: 'started' });
  });
});

describe('nothing comes of a change', () => {
  it.each<[string, Partial<CarryOutSeen>, RegExp]>([
    ['that nobody uses', { concerned: [] }, /no environment uses what was changed/],
    [
      'whose environments no stage reaches',
      { concerned: [{ environment: 'lab', version: '1' }] },
      /no stage reaches lab/,
    ],
  ])('%s', (_, given, because) => {
    const answer = carryOutChange(seen(given), asked(), NOW);
    expect(answer).toMatchObject({ is: 'ended', because: expect.stringMatching(because) });
    expect(answer.writes).toHaveLength(1);
    expect(put(answer.writes, 'change')).toMatchObject({ state: 'ended' });
  });
});

describe('a change that is only announced', () => {
  it('is a plan of the same, and starts nothing', () => {
    const answer = carryOutChange(seen(), asked({ how: 'announce' }), NOW);
    expect(answer).toMatchObject({ is: 'announced', id: ROLLOUT });
    const plan = put(answer.writes, 'plan') as PlanItem;
    expect(plan).toMatchObject({
      id: ROLLOUT,
      state: 'working',
      stages: STAGES,
      valuesChange: { environments: ['dev', 'prod-eu'] },
      because: `values changed: webui-service-helm-values v4 by ${BY}`,
    });
    expect(put(answer.writes, 'change')).toMatchObject({ state: 'announced', planId: ROLLOUT });
    expect(put(answer.writes, 'rollout')).toBeUndefined();
    expect(answer.because).toContain('fairlead values apply webui');
  });

  it('is brought to some of its environments by an operator, and stays announced for the others', () => {
    const change: ChangeItem = { ...CHANGE, state: 'announced', planId: 'P' };
    const stages = [aStage({ targets: [{ ring: 'dev' }] })];
    const part = carryOutChange(seen({ change }), asked({ stages }), NOW);
    expect(part).toMatchObject({ is: 'started', matched: ['dev'] });
    expect(put(part.writes, 'change')).toMatchObject({ state: 'announced', rolloutId: ROLLOUT, planId: 'P' });
    const whole = carryOutChange(seen({ change }), asked({ stages: [aStage()] }), NOW);
    expect(put(whole.writes, 'change')).toMatchObject({ state: 'started' });
  });
});
