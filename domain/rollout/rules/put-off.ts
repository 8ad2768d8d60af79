/** Deployments that came back from *Begin* or *Finish* to be tried again: the first of their moments is waited for. */
import type { DeferReason } from '../../items/deployment.ts';
import type { UnreachableRule } from '../../items/registry.ts';
import type { Decision } from '../decision.ts';
import type { StageProgress } from '../stage-progress.ts';

type Wait = Extract<Decision, { action: 'wait' }>;
type Deferred = StageProgress['deferred'][number];

/** What the stage waits on for their sake; nothing when none is put off. */
export function putOff({ stage, deferred }: Pick<StageProgress, 'stage' | 'deferred'>): Wait | undefined {
  const [first] = deferred.toSorted((a, b) => Date.parse(a.deferred.until) - Date.parse(b.deferred.until));
  if (first === undefined) return undefined;
  const { on, until, because } = first.deferred;
  return {
    action: 'wait',
    on,
    until,
    who: WHO[on](first, stage.unreachable),
    because: `stage ${stage.name}: ${first.environment} is put off: ${because}`,
    stage: stage.name,
  };
}

const WHO: Readonly<Record<DeferReason, (deployment: Deferred, rule: UnreachableRule | undefined) => string>> = {
  lease: () => 'whoever holds the release',
  freeze: () => 'an operator, by ending the freeze',
  environment: ({ place, unreachableSince }, rule) => {
    const who = `whoever runs cluster ${place.cluster.name}`;
    if (rule === undefined || unreachableSince === undefined) return who;
    const deadline = new Date(Date.parse(unreachableSince) + rule.minutes * 60_000).toISOString();
    return `${who}, until ${deadline}; then it ${rule.policy === 'skip' ? 'is passed over' : 'counts as failed'}`;
  },
};
