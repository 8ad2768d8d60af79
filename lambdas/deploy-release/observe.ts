/** Looks at a release until it is ready, bad or out of time, for at most 50 s a call: the machine calls again. */
import type { ObserveAnswer, ObserveInput } from '../../contracts/deployer.ts';
import { lookingAs } from '../../domain/deployment/acting-as.ts';
import { smallFailure } from '../../domain/deployment/failure.ts';
import type { DeploymentItem } from '../../domain/items/deployment.ts';
import type { KubeAnswer, KubeFailure } from '../../domain/kube.ts';
import { gracesFor, judgeLook, type Look } from '../../domain/readiness/judge-look.ts';
import type { Cluster, Deps } from './deps.ts';
import { explained } from './failures.ts';
import { lookAtObjects } from './look-at-objects.ts';

const CALL_MS = 50_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 3_000;

type Needs = Pick<Deps, 'reach' | 'now' | 'pause'>;

/** Observes `input.revision`, the one that helm made for this deployment or its roll-back. */
export function observe(deps: Needs) {
  return async (input: ObserveInput, deployment: DeploymentItem): Promise<ObserveAnswer> => {
    const { place, timeoutMinutes } = deployment;
    const began = deps.now().getTime();
    const reached = await deps.reach(place.cluster, deployment.environment, lookingAs(deployment.actAs));
    if (!reached.reached) return { outcome: 'unreachable', because: reached.because };
    const until = input.until ?? deployment.observeUntil ?? new Date(began + timeoutMinutes * 60_000).toISOString();
    const expected = { revision: input.revision, until, graces: gracesFor(timeoutMinutes) };
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const look = await lookOnce(reached.cluster, deployment);
      const now = deps.now();
      const answer = look.ok ? judgeLook(look.value, expected, now) : blind(look, deployment);
      const isOver = now.getTime() - began + pauseMs >= CALL_MS;
      if (answer.outcome !== 'not-yet' || isOver) return answer;
      await deps.pause(pauseMs);
    }
  };
}

async function lookOnce({ releases, kube }: Cluster, { place }: DeploymentItem): Promise<KubeAnswer<Look>> {
  const history = await releases.history(place.namespace, place.release);
  if (!history.ok) return history;
  const seen = await lookAtObjects(kube, history.value.latest?.objects ?? []);
  return seen.ok ? { ok: true, value: { history: history.value, seen: seen.value } } : seen;
}

/**
 * Who may not look knows nothing of the release: that is no reason to roll it back, quarantine or hold it. Rights may
 * come back (an edit of aws-auth, an authenticator that restarts); when they do not, the deployment ends `errored`.
 */
function blind(failure: KubeFailure, deployment: DeploymentItem): ObserveAnswer {
  const { code, because } = failure;
  if (code !== 'forbidden' && code !== 'unauthorised') return { outcome: 'unreachable', because };
  const told = smallFailure('forbidden', `the release cannot be looked at: ${explained(failure, deployment)}`);
  return { outcome: 'unreachable', code: 'forbidden', because: told.because };
}
