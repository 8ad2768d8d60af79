import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DiffState } from '../../../domain/plan-diff/environment-diff.ts';
import { endPlan } from '../../../domain/plans/end-plan.ts';
import { createPlan } from '../../../domain/plans/new-plan.ts';
import { previewBatches } from '../../../domain/plans/preview-batches.ts';
import { standingOf } from '../../../domain/plans/standing.ts';
import { whatItComesTo } from '../../../domain/plans/what-it-comes-to.ts';
import type { FrozenDeployment } from '../../../domain/rollout/frozen-plan.ts';
import { sizedStage } from '../../../domain/rollout/plan.ts';
import { aDeployment, aPlan, aStage, later, NOW, someInputs } from '../../support/items.ts';

describe('a plan', () => {
  test('is kept for 90 days, with time to live in seconds', () => {
    const { id, package: pkg, version, stages, values, principal } = aPlan();
    const write = createPlan({ id, package: pkg, version, stages, values, principal, because: 'asked for' }, NOW);
    expect(write).toMatchObject({ do: 'put', expect: 'absent', item: aPlan() });
    expect(write).toHaveProperty('item.expiresAt', Math.floor(later(90 * 24 * 60).getTime() / 1000));
  });

  test.each([
    ['working', 45, 'working'],
    ['working', 46, 'errored'],
    ['ready', 5000, 'ready'],
    ['refused', 5000, 'refused'],
  ] as const)('that is %s after %i minutes reads as %s', (state, minutes, reads) => {
    expect(standingOf(aPlan({ state }), later(minutes)).state).toBe(reads);
  });

  test('ends once: whoever tells its end second changes nothing', () => {
    const end = { state: 'errored', because: 'stopped' } as const;
    expect(endPlan(aPlan(), end, NOW)).toHaveLength(1);
    expect(endPlan(aPlan({ state: 'ready' }), end, NOW)).toEqual([]);
  });
});

describe('what a plan comes to', () => {
  const of = (...states: DiffState[]) =>
    whatItComesTo({
      digest: 'd',
      environments: states.map((state, i) => ({ environment: `e${i}`, stage: 's', state, because: 'x', objects: 0 })),
    });

  test.each<[DiffState[], object]>([
    [['unchanged'], { state: 'ready', because: '0 of 1 environment would change', changed: 0 }],
    [
      ['unchanged', 'changes'],
      { state: 'ready', because: '1 of 2 environments would change', changed: 1, digest: 'd' },
    ],
    [['changes', 'blocked', 'unreachable'], { because: '1 of 3 environments would change, 1 blocked, 1 unreachable' }],
    [['blocked'], { state: 'ready', because: '0 of 1 environment would change, 1 blocked' }],
    [['changes', 'errored'], { state: 'ready', because: '1 of 2 environments would change, 1 not worked out' }],
  ])('%j', (states, expected) => {
    expect(of(...states)).toMatchObject(expected);
  });

  test('is no plan when nobody could look into any environment: it has no digest to hold to', () => {
    expect(of('errored', 'errored')).toEqual({
      ...{ state: 'errored', because: '0 of 2 environments would change, 2 not worked out' },
      ...{ environments: 2, changed: 0 },
    });
  });
});

describe('batches', () => {
  const deployment = (environment: string, deployer: string): FrozenDeployment => ({
    ...{ environment, deployer, stage: 'everyone' },
    ...{ place: aDeployment().place, inputs: someInputs() },
  });
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 80 });

  test('hold every environment exactly once, at most ten of one deployer, or name it as one nobody can ask', () => {
    fc.assert(
      fc.property(names, fc.array(fc.constantFrom('a', 'b', 'gone'), { minLength: 80, maxLength: 80 }), (all, of) => {
        const deployments = all.map((name, i) => deployment(name, of[i] ?? 'a'));
        const arns: Record<string, string> = { a: 'arn:a', b: 'arn:b' };
        const { batches, without } = previewBatches({ deployments, stages: [] }, (name) => arns[name]);
        expect([...batches.flatMap(({ environments }) => environments), ...without].toSorted()).toEqual(all.toSorted());
        const arnOf = new Map(deployments.map(({ environment, deployer }) => [environment, arns[deployer]]));
        for (const { deployer, environments } of batches) {
          expect(environments.length).toBeLessThanOrEqual(10);
          for (const name of environments) expect(arnOf.get(name)).toBe(deployer);
        }
      }),
    );
  });

  test.each([
    [1, 1],
    [7, 7],
    [40, 10],
  ])('are asked for as many at once as the widest stage deploys, ten at most: %i → %i', (maxParallel, expected) => {
    const stages = [sizedStage(aStage({ maxParallel: 1 }), 1), sizedStage(aStage({ maxParallel }), 1)];
    expect(previewBatches({ deployments: [], stages }, () => 'arn').maxParallel).toBe(expected);
  });
});
