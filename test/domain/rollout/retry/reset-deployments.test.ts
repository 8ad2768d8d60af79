import { expect, test } from 'vitest';
import { MOST_RESET, resetDeployments } from '../../../../domain/rollout/retry/reset-deployments.ts';
import { aDeployment, aHold, aQuarantine, aRollout, NOW, ROLLOUT, someEvents } from '../../../support/items.ts';

test('the most that are reset at once, quarantined and held each, leave room for what the call adds to a transaction', () => {
  const some = Array.from({ length: MOST_RESET }, (_, i) => {
    const environment = `env-${i}`;
    const deployment = aDeployment({ environment, state: 'failed', attempt: 1, begun: 1 });
    const hold = aHold({ environment, kind: 'failed-rollback', rolloutId: ROLLOUT });
    return { deployment, hold, quarantine: aQuarantine({ environment }) };
  });
  const seen = { rollout: aRollout({ id: ROLLOUT, state: 'failed' }), events: someEvents() };
  const used = resetDeployments(seen, some, 'ann', NOW).length;
  const [audit, token] = [1, 1];
  expect(used + audit + token).toBeLessThanOrEqual(100);
  expect(used).toBeGreaterThan(3 * MOST_RESET);
});
