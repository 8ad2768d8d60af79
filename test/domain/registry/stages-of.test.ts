import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stagesFromTargets, stagesOf } from '../../../domain/registry/stages-of.ts';

const entry = fc.record({ target: fc.constantFrom({}, { ring: 'a' }, { ring: 'b' }), wait: fc.boolean() });

describe('targets become stages', () => {
  it.each([
    ['one entry is one stage', [false], [1]],
    ['entries that do not wait go together', [false, false, false], [3]],
    ['an entry that waits ends its stage', [true, false, false], [1, 2]],
    ['a wait at the end makes no empty stage', [false, true], [2]],
    ['all that wait are stages of their own', [true, true, true], [1, 1, 1]],
  ])('%s', (_rule, waits, sizes) => {
    const stages = stagesFromTargets(waits.map((wait, i) => ({ target: { n: `${i}` }, wait })));
    expect(stages.map(({ targets }) => targets.length)).toEqual(sizes);
    expect(stages.map(({ name }) => name)).toEqual(sizes.map((_, i) => `stage-${i + 1}`));
  });

  it('keeps every target, in order, and the safe defaults', () => {
    void fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 100 }), (entries) => {
        const stages = stagesFromTargets(entries);
        expect(stages.flatMap(({ targets }) => targets)).toEqual(entries.map(({ target }) => target));
        expect(stages.every(({ failureBudget, soakMinutes }) => failureBudget === 0 && soakMinutes === 0)).toBe(true);
      }),
    );
  });
});

describe('stages are', () => {
  const stage = (name: string) => [{ name, targets: [{}], soakMinutes: 0, maxParallel: 1, failureBudget: 0 }];
  const all = {
    stages: stage('asked'),
    targets: [{ target: {}, wait: false }],
    ofPackage: stage('package'),
    promotionOrder: stage('order'),
  };

  it.each([
    ['what was asked for', all, 'asked'],
    ['else what the targets make', { ...all, stages: undefined }, 'stage-1'],
    ["else the package's own", { ...all, stages: undefined, targets: undefined }, 'package'],
    ["else the installation's promotion order", { promotionOrder: all.promotionOrder }, 'order'],
    ['else one with everyone', {}, 'everyone'],
  ])('%s', (_rule, sources, name) => {
    expect(stagesOf(sources).map((s) => s.name)).toEqual([name]);
  });
});
