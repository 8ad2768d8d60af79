/**
 * A stage has to stand well for its soak before what follows counts. Standing well is looked at, not assumed: every
 * release of the stage at least every 15 minutes, and once when the soak is over (docs/stages.md).
 */
import type { DeploymentItem } from '../../items/deployment.ts';
import type { PlannedStage } from '../../items/rollout.ts';
import type { Decision } from '../decision.ts';
import { partOf } from '../most-at-once.ts';

/** As much of a stage's progress as its soak depends on. */
export interface Soaking {
  readonly stage: PlannedStage;
  /** Deployments that succeeded. */
  readonly standing: readonly DeploymentItem[];
  /** When the last of the stage ended, once all have; milliseconds. */
  readonly doneAt?: number | undefined;
  /** Whether anything was changed in the stage. Where nothing was, nothing new has to prove itself. */
  readonly touched: boolean;
}

/** A release is looked at again after this. */
export const LOOK_EVERY = 15 * 60_000;

/** What the soak asks for: a look, a wait, or nothing any more. */
export function soaked({ stage, standing, doneAt, touched }: Soaking, now: Date): Decision | undefined {
  if (doneAt === undefined || !touched || stage.soakMinutes === 0) return undefined;
  const end = doneAt + stage.soakMinutes * 60_000;
  const open = standing.flatMap((deployment) => {
    const due = dueAt(deployment, end);
    return due === undefined ? [] : [{ deployment, due }];
  });
  const due = open.filter((one) => one.due <= now.getTime()).map(({ deployment }) => deployment);
  if (due.length > 0) return look(stage, due);
  if (open.length === 0 && end <= now.getTime()) return undefined;
  const again = Math.min(...open.map((one) => one.due), ...(end > now.getTime() ? [end] : []));
  const silent = open
    .map(({ deployment }) => deployment)
    .find(({ unreachableSince }) => unreachableSince !== undefined);
  return silent === undefined ? stands(stage, end, again) : silence(stage, silent, again);
}

/** When this release has to be looked at next, milliseconds; undefined when it was seen well at or after the soak's end. */
function dueAt({ finishedAt, lookedAt, deferred }: DeploymentItem, end: number): number | undefined {
  const last = Math.max(Date.parse(finishedAt ?? ''), lookedAt === undefined ? 0 : Date.parse(lookedAt));
  if (last >= end) return undefined;
  return deferred === undefined ? Math.min(last + LOOK_EVERY, end) : Date.parse(deferred.until);
}

function look(stage: PlannedStage, due: readonly DeploymentItem[]): Decision {
  const which = partOf(due, stage.maxParallel).map(({ environment }) => environment);
  return {
    action: 'look',
    stage: stage.name,
    environments: which,
    maxParallel: stage.maxParallel,
    because: `stage ${stage.name}: ${which.length} of ${stage.size} looked at again during its soak`,
  };
}

function stands({ name, soakMinutes }: PlannedStage, end: number, again: number): Decision {
  return {
    action: 'wait',
    on: 'soak',
    until: iso(Math.max(end, again)),
    again: iso(again),
    who: 'the clock',
    because: `stage ${name} has to stand for ${soakMinutes} minute${soakMinutes === 1 ? '' : 's'}`,
    stage: name,
  };
}

function silence({ name }: PlannedStage, { environment, place, deferred }: DeploymentItem, again: number): Decision {
  return {
    action: 'wait',
    on: 'environment',
    until: iso(again),
    who: `whoever runs cluster ${place.cluster.name}`,
    because: `stage ${name}: ${environment} cannot be looked at: ${deferred?.because ?? 'its cluster did not answer'}`,
    stage: name,
  };
}

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
