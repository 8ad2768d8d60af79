/**
 * No stage starts before what stands before it has come to its end, within its budget, and stood its time; what was
 * aborted or is over starts nothing; who was first in the queue goes first. Written down anew, not with domain's words.
 */
import type { Change } from '../../../adapters/memory/memory-table.ts';
import type { DeploymentItem } from '../../../domain/items/deployment.ts';
import type { OpenItem } from '../../../domain/items/queue.ts';
import type { PlannedStage, RolloutItem } from '../../../domain/items/rollout.ts';
import { CLOCKS_DIFFER_MS, type WatchDeps, type Watcher } from '../watcher.ts';

const RULE = 'no stage starts before its predecessor allows';
const ENDS = ['succeeded', 'skipped', 'rolled-back', 'failed', 'blocked', 'errored'];
const BAD = ['rolled-back', 'failed', 'blocked', 'errored'];

export function watchOrder({ broken, now }: WatchDeps): Watcher {
  const rollouts = new Map<string, RolloutItem>();
  const deployments = new Map<string, Map<string, DeploymentItem>>();
  const queue = new Map<number, OpenItem>();

  const note = ({ before, after }: Change) => {
    if (after?.type === 'rollout') rollouts.set(after.id, after);
    if (after?.type === 'open') queue.set(after.sequence, after);
    if (before?.type === 'open' && after === undefined) queue.delete(before.sequence);
    if (after?.type !== 'deployment') return;
    const own = deployments.get(after.rolloutId) ?? new Map();
    deployments.set(after.rolloutId, own.set(after.environment, after));
  };

  const before = (stages: readonly PlannedStage[], started: DeploymentItem) => {
    const own = [...(deployments.get(started.rolloutId)?.values() ?? [])];
    const index = stages.findIndex(({ name }) => name === started.stage);
    for (const stage of stages.slice(0, index)) {
      const why = whyNotDone(
        stage,
        own.filter((one) => one.stage === stage.name),
        now().getTime(),
      );
      if (why !== undefined)
        broken(RULE, `${started.environment} of ${started.rolloutId} began, and ${stage.name} ${why}`);
    }
  };

  const first = (started: DeploymentItem, number: number) => {
    const ahead = [...queue.values()].find(
      ({ sequence, environments }) =>
        sequence < number && (environments === undefined || environments.includes(started.environment)),
    );
    if (ahead !== undefined) {
      broken(
        'first come, first served',
        `${started.rolloutId} began in ${started.environment} before ${ahead.rolloutId}`,
      );
    }
  };

  const began = (started: DeploymentItem) => {
    const rollout = rollouts.get(started.rolloutId);
    if (rollout?.plan === undefined) return broken(RULE, `${started.rolloutId} began without a plan`);
    if (rollout.abort !== undefined || rollout.finishedAt !== undefined) {
      broken('what is aborted or over begins nothing', `${started.rolloutId} began in ${started.environment}`);
    }
    before(rollout.plan.stages, started);
    first(started, rollout.sequence);
  };

  return {
    onChange(changes) {
      for (const change of changes) note(change);
      for (const { before, after } of changes) {
        if (after?.type !== 'deployment' || before?.type !== 'deployment') continue;
        if (before.state === 'pending' && after.state === 'applying') began(after);
      }
    },
  };
}

function whyNotDone(stage: PlannedStage, own: readonly DeploymentItem[], now: number): string | undefined {
  const open = own.filter(({ state }) => !ENDS.includes(state));
  if (open.length > 0)
    return `is not done: ${open.map(({ environment, state }) => `${environment} ${state}`).join(', ')}`;
  const failed = own.filter(({ state }) => BAD.includes(state));
  if (failed.length > stage.failureBudget) return `has ${failed.length} failed, ${stage.failureBudget} allowed`;
  if (own.every(({ state }) => state === 'skipped')) return undefined;
  const done = Math.max(...own.map(({ finishedAt }) => Date.parse(finishedAt ?? '')));
  const stood = now - done + CLOCKS_DIFFER_MS;
  return stood < stage.soakMinutes * 60_000 ? `has stood ${Math.round(stood / 1000)} s only` : undefined;
}
