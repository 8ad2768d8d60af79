/** What stands in the cluster of this release, as far as helm will compare with it. */

import type { KubeFailure } from '../../../domain/kube.ts';
import type { PlanProblem } from '../../../domain/plan-diff/environment-diff.ts';
import { comparedRevision } from '../../../domain/plan-diff/gone-objects.ts';
import type { HelmRelease } from '../../../domain/release/helm.ts';
import type { Releases, RevisionContent } from '../../../domain/release/release-history.ts';
import { isStuck } from '../../../domain/release/stuck-release.ts';

export type Standing =
  | {
      readonly ok: true;
      /** None when nothing is installed. */
      readonly content?: RevisionContent;
      readonly problems: readonly PlanProblem[];
    }
  | { readonly ok: false; readonly state: 'blocked' | 'unreachable'; readonly problem: PlanProblem };

/** Reads helm's memory of it. */
export async function standing(releases: Releases, { namespace, release }: HelmRelease): Promise<Standing> {
  const history = await releases.history(namespace, release);
  if (!history.ok) return unread(history);
  const { latest } = history.value;
  const revision = comparedRevision(history.value);
  if (latest === undefined || revision === undefined) return { ok: true, problems: [] };
  const problems = isStuck(latest.status) ? [busy(latest)] : [];
  if (latest.revision === revision) return { ok: true, content: latest, problems };
  const content = await releases.revision(namespace, release, revision);
  return content.ok ? { ok: true, content: content.value, problems } : unread(content);
}

/** What a process of ours left behind is repaired by the next deployment, so nothing is blocked by that alone. */
function busy({ revision, status }: RevisionContent): PlanProblem {
  const because = `revision ${revision} stands ${status}: somebody is at work there, or was cut off`;
  return { code: 'release-busy', blocks: false, because };
}

/** helm could not read it either. */
function unread({ code, because }: KubeFailure): Standing {
  const what = code === 'unreachable' || code === 'unauthorised' ? code : 'forbidden';
  const outcome = code === 'unreachable' ? 'unreachable' : 'forbidden';
  const problem: PlanProblem = { code: what, blocks: true, because, outcome };
  return { ok: false, state: code === 'unreachable' ? 'unreachable' : 'blocked', problem };
}
