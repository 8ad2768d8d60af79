import { describe, expect, it } from 'vitest';
import { holdPackage } from '../../../domain/holds/hold-package.ts';
import { lift } from '../../../domain/holds/lift.ts';
import { whyHeld } from '../../../domain/holds/why-held.ts';
import { keys } from '../../../domain/keys.ts';
import { aHold, anEnvironment, aPackage, aQuarantine, NOW, OTHER_ROLLOUT, someEvents } from '../../support/items.ts';

const pair = { pkg: aPackage(), environment: anEnvironment() };
const wish = { kind: 'hold', reason: 'until Friday', by: 'fairlead-operator/ada' } as const;
const broken = aHold({ kind: 'failed-rollback', by: 'fairlead', reason: 'the release is bad', rev: 3 });

describe('holding', () => {
  it('writes who, why and when, while both are registered', () => {
    const { hold, writes } = holdPackage(pair, wish, NOW);
    expect(hold).toMatchObject({ ...wish, package: 'webui', environment: 'dev', at: NOW.toISOString() });
    expect(writes.map(({ do: act, key }) => [act, key.type])).toEqual([
      ['check', 'package'],
      ['check', 'environment'],
      ['put', 'hold'],
    ]);
  });

  it('again with the same words changes nothing', () => {
    expect(holdPackage({ ...pair, hold: aHold({ ...wish }) }, wish, NOW).writes).toEqual([]);
  });

  it('over the hold of a failed rollback keeps that one visible, also when it is reworded', () => {
    const first = holdPackage({ ...pair, hold: broken }, wish, NOW).hold;
    expect(first.over).toEqual({ reason: 'the release is bad', by: 'fairlead', at: broken.at });
    const second = holdPackage({ ...pair, hold: first }, { ...wish, reason: 'until Monday' }, NOW).hold;
    expect(second).toMatchObject({ reason: 'until Monday', over: first.over });
    expect(whyHeld(second)).toBe(
      "webui is held in dev by fairlead-operator/ada: until Monday (before that by fairlead: the release is bad); 'fairlead lift webui dev' ends it",
    );
  });
});

describe('lifting', () => {
  const quarantines = [aQuarantine({ inputsDigest: 'a' }), aQuarantine({ inputsDigest: 'b' })];
  const histories = new Map([[OTHER_ROLLOUT, someEvents({ last: 3 })]]);

  it('takes the hold and every quarantine away, and tells the rollout that quarantined, by name', () => {
    const writes = lift({ hold: aHold(), quarantines, histories }, { by: 'ada', reason: 'fixed' }, NOW);
    const gone = writes.filter(({ do: act }) => act === 'delete').map(({ key }) => key);
    expect(gone).toEqual([
      keys.hold('dev', 'webui'),
      keys.quarantine('dev', 'webui', 'a'),
      keys.quarantine('dev', 'webui', 'b'),
    ]);
    const events = writes.flatMap((write) => (write.do === 'put' && write.item.type === 'event' ? [write.item] : []));
    expect(events.map(({ number, kind, environment }) => [number, kind, environment])).toEqual([
      [4, 'quarantine-lifted', 'dev'],
      [5, 'quarantine-lifted', 'dev'],
    ]);
    expect(events[0]?.text).toContain('ada lets these inputs of webui in again: fixed');
  });

  it('of nothing writes nothing', () => {
    expect(lift({ quarantines: [], histories: new Map() }, { by: 'ada' }, NOW)).toEqual([]);
  });
});
