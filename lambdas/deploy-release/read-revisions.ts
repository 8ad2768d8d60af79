/** The operation `revisions`: what helm remembers of a release, by labels alone. It claims and changes nothing. */
import type { RevisionsAnswer, RevisionsInput } from '../../contracts/revisions.ts';
import { lookingAs } from '../../domain/deployment/acting-as.ts';
import { fenceOf } from '../../domain/release/stuck-release.ts';
import type { Deps } from './deps.ts';

const INSTALLATION_LABEL = 'fairlead.dev/installation';

/** Never throws for what it finds. */
export function readRevisions({ reach }: Pick<Deps, 'reach'>) {
  return async ({ environment, place, actAs }: RevisionsInput): Promise<RevisionsAnswer> => {
    const reached = await reach(place.cluster, environment, lookingAs(actAs));
    if (!reached.reached) return { outcome: 'unreadable', because: reached.because };
    const history = await reached.cluster.releases.history(place.namespace, place.release);
    if (!history.ok) return { outcome: 'unreadable', because: history.because };
    const revisions = history.value.revisions.map(({ revision, status, labels }) => {
      const [fence, installation] = [fenceOf({ labels }), labels[INSTALLATION_LABEL]];
      return {
        revision,
        status,
        ...(fence !== undefined && { fence }),
        ...(installation !== undefined && { installation }),
      };
    });
    return { outcome: 'read', revisions };
  };
}
