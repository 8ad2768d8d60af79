/** Hands a deployment that has begun on to a build: its history says why, and builds get more time. */
import type { ApplyAnswer } from '../../contracts/deployer.ts';
import { commit } from '../../domain/commit.ts';
import { deadlineOf } from '../../domain/deployment/deadline.ts';
import { tell } from '../../domain/deployment/tell.ts';
import { whyNotOurs } from '../../domain/deployment/whose-try.ts';
import { replace } from '../../domain/table.ts';
import type { Deps } from './deps.ts';
import { placesOf, type Work } from './operation.ts';

type Needs = Pick<Deps, 'table' | 'patience' | 'now'>;

/** Asked again by the same try, it answers the same and tells it once. */
export function leaveToBuild({ table, patience, now }: Needs, work: Work, because: string): Promise<ApplyAnswer> {
  const places = placesOf(work);
  return commit<ApplyAnswer>(table, patience, async () => {
    const [deployment, lease] = await Promise.all([table.get(places.deployment), table.get(places.lease)]);
    const at = now();
    const lost = deployment === undefined ? 'the deployment is gone' : whyNotOurs(deployment, work.attempt, lease, at);
    if (lost !== undefined || deployment === undefined || lease?.holder === undefined) {
      return { writes: [], result: { outcome: 'lost', because: lost ?? 'nobody holds the lease any more' } };
    }
    const result = { outcome: 'elsewhere' as const, because };
    const { timeoutMinutes, startedAt } = deployment;
    const began = startedAt === undefined ? at : new Date(startedAt);
    const deadline = deadlineOf(timeoutMinutes, 'codebuild', began).toISOString();
    // An earlier call of this try has told it.
    if (deployment.deadline === deadline) return { writes: [], result };
    const news = {
      at,
      kind: 'deployment-moved' as const,
      text: work.hush.redact(`helm runs in a build, because ${because}`),
    };
    return {
      writes: [
        ...tell(deployment, { deadline }, [news]),
        replace(places.lease, lease, { holder: { ...lease.holder, deadline } }),
      ],
      result,
    };
  });
}
