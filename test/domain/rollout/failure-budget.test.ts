/** One budget, asked at two places: whether the line goes on (decideNext), and whether a deployment may still begin (judgeBegin). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeBegin } from '../../../domain/deployment/begin-deployment.ts';
import type { FailureBudget } from '../../../domain/items/registry.ts';
import { decideNext } from '../../../domain/rollout/decide-next.ts';
import { allowedFailures, sizedStage } from '../../../domain/rollout/plan.ts';
import { CALENDAR } from '../../support/calendar.ts';
import { aSight, DEPLOYERS } from '../../support/deployment-table.ts';
import { aDeployment, aRollout, aStage, NOW, someFailures } from '../../support/items.ts';

test.each<[FailureBudget, number, number]>([
  [0, 500, 0],
  [3, 2, 3],
  ['10%', 100, 10],
  ['10%', 45, 4],
  ['10%', 9, 0],
  ['100%', 7, 7],
  ['0%', 7, 0],
  ['33%', 3, 0],
  ['34%', 3, 1],
  ['50%', 0, 0],
  ['29%', 100, 29],
  ['57%', 100, 57],
])('%s of %d environments allows %d failures', (budget, size, allowed) => {
  expect(allowedFailures(budget, size)).toBe(allowed);
});

test('the line goes on exactly as long as deployments may begin', () => {
  const budget = fc.oneof(
    fc.nat(12),
    fc.nat(100).map((share): FailureBudget => `${share}%`),
  );
  fc.assert(
    fc.property(budget, fc.nat(12), fc.integer({ min: 1, max: 12 }), (failureBudget, failed, pending) => {
      const stage = sizedStage({ ...aStage(), failureBudget }, failed + pending);
      const { plan } = aRollout();
      if (plan === undefined) throw new Error('the rollout has no plan');
      const rollout = aRollout({ plan: { ...plan, stages: [stage] }, state: 'running' });
      const one = (i: number) =>
        aDeployment({
          environment: `env-${i}`,
          ...(i < failed && { state: 'failed' as const, attempt: 1, begun: 1, finishedAt: NOW.toISOString() }),
          ...(i >= failed && { state: 'pending' as const, attempt: 0, begun: 0 }),
        });
      const deployments = Array.from({ length: failed + pending }, (_, i) => one(i));
      const nothing = { queue: [], approvals: [], statuses: [], freezes: [] };
      const next = decideNext({ rollout, deployments, ...nothing }, { run: rollout.run, round: 1 }, NOW, CALENDAR);
      const sight = aSight({
        deployment: aDeployment({ environment: 'dev', attempt: 1 }),
        rollout,
        ...(failed > 0 && { failures: someFailures(failed) }),
      });
      const verdict = judgeBegin({ ...sight, deployers: DEPLOYERS, freezes: [], calendar: CALENDAR }, 1, NOW);
      expect(next.action === 'deploy').toBe(verdict.is === 'begins');
      expect(next.action === 'finish').toBe(verdict.is === 'skipped');
    }),
    { numRuns: 300 },
  );
});
