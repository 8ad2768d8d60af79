/** Did a first install take over objects that stood there before it? Then it must not be uninstalled. */
import type { Place } from '../../domain/items/deployment.ts';
import { type Kube, type KubeAnswer, nameOf } from '../../domain/kube.ts';
import type { ReleaseHistory } from '../../domain/release/release-history.ts';

/**
 * The first object of the release that is older than the release's own first record, by the API server's clock; helm
 * writes that record before it makes anything. `undefined` when there is none.
 */
export async function findAdopted(
  kube: Kube,
  { namespace, release }: Pick<Place, 'namespace' | 'release'>,
  { revisions, latest }: ReleaseHistory,
): Promise<KubeAnswer<string | undefined>> {
  const [first] = revisions;
  if (first === undefined || latest === undefined) return { ok: true, value: undefined };
  const name = `sh.helm.release.v1.${release}.v${first.revision}`;
  const record = await kube.get({ apiVersion: 'v1', kind: 'Secret', name, namespace }, { metadataOnly: true });
  if (!record.ok) return record;
  const since = Date.parse(record.value.metadata.creationTimestamp ?? '');
  for (const object of latest.objects) {
    const found = await kube.get(object, { metadataOnly: true });
    if (!found.ok && found.code !== 'not-found') return found;
    if (found.ok && Date.parse(found.value.metadata.creationTimestamp ?? '') < since) {
      return { ok: true, value: nameOf(object) };
    }
  }
  return { ok: true, value: undefined };
}
