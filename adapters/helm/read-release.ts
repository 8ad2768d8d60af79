/** helm's memory of a release, read through the API server from the Secrets that helm keeps beside it. */
import { textAt } from '../../domain/json.ts';
import type { Kube, KubeAnswer, KubeObject } from '../../domain/kube.ts';
import type {
  ReleaseHistory,
  Releases,
  RevisionContent,
  RevisionSummary,
} from '../../domain/release/release-history.ts';
import { decodeRelease, statusOf } from './decode-release.ts';

/** Labels that helm itself writes (https://github.com/helm/helm/blob/main/pkg/storage/driver/labels.go). */
const HELM_LABELS = ['name', 'owner', 'status', 'version', 'createdAt', 'modifiedAt'];

/** helm's memory in the cluster behind `kube`. */
export function helmReleases(kube: Kube): Releases {
  return {
    history: (namespace, release) => readRelease(kube, namespace, release),
    revision: (namespace, release, revision) => readRevision(kube, namespace, release, revision),
  };
}

/** All revisions of `release` (by labels alone) and the content of the last; empty when it was never installed. */
export async function readRelease(kube: Kube, namespace: string, release: string): Promise<KubeAnswer<ReleaseHistory>> {
  const first = await lookOnce(kube, namespace, release);
  // helm took the last revision away between the two looks: what we saw is no longer true, so look again.
  return !first.ok && first.code === 'not-found' ? lookOnce(kube, namespace, release) : first;
}

async function lookOnce(kube: Kube, namespace: string, release: string): Promise<KubeAnswer<ReleaseHistory>> {
  const labels = { owner: 'helm', name: release };
  const listed = await kube.list({ apiVersion: 'v1', kind: 'Secret', namespace, labels, metadataOnly: true });
  if (!listed.ok) return listed;
  const revisions = listed.value.flatMap(summaryOf).sort((a, b) => a.revision - b.revision);
  const last = revisions.at(-1);
  if (last === undefined) return { ok: true, value: { revisions } };
  const latest = await readRevision(kube, namespace, release, last.revision);
  if (!latest.ok) return latest;
  // Its status may have moved on since the list was made.
  return { ok: true, value: { revisions: [...revisions.slice(0, -1), brief(latest.value)], latest: latest.value } };
}

/** The content of one revision. */
export async function readRevision(
  kube: Kube,
  namespace: string,
  release: string,
  revision: number,
): Promise<KubeAnswer<RevisionContent>> {
  const name = `sh.helm.release.v1.${release}.v${revision}`;
  const answer = await kube.get({ apiVersion: 'v1', kind: 'Secret', name, namespace });
  if (!answer.ok) return answer;
  const decoded = decodeRelease(storedIn(answer.value), namespace);
  if (!decoded.ok) return { ok: false, code: 'refused', because: `Secret ${namespace}/${name}: ${decoded.because}` };
  return { ok: true, value: { ...decoded.content, labels: ownLabels(answer.value) } };
}

function brief({ revision, status, labels }: RevisionContent): RevisionSummary {
  return { revision, status, labels };
}

function summaryOf(secret: KubeObject): readonly RevisionSummary[] {
  const { labels = {} } = secret.metadata;
  const revision = Number(labels['version']);
  if (!Number.isInteger(revision)) return [];
  return [{ revision, status: statusOf(labels['status']), labels: ownLabels(secret) }];
}

function ownLabels({ metadata }: KubeObject): Readonly<Record<string, string>> {
  const own = Object.entries(metadata.labels ?? {}).filter(([key]) => !HELM_LABELS.includes(key));
  return Object.fromEntries(own);
}

function storedIn(secret: KubeObject): string {
  return textAt(secret, 'data', 'release') ?? '';
}
