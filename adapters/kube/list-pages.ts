/** All objects that a query means, page by page (https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks). */
import type { KubeAnswer, KubeObject, ListQuery } from '../../domain/kube.ts';
import type { ApiResource } from './discover.ts';
import { KubeListShape, KubeObjectShape } from './kube-object.ts';
import { folderOf } from './paths.ts';

export type GetJson = (path: string, accept?: string) => Promise<KubeAnswer<unknown>>;

const PAGE = 500;
const MAX_PAGES = 20;
/** https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches */
const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/** At most 10,000 objects; more is `refused`. */
export async function listPages(
  getJson: GetJson,
  resource: ApiResource,
  query: ListQuery,
): Promise<KubeAnswer<readonly KubeObject[]>> {
  const folder = folderOf(resource, query.namespace);
  const found: KubeObject[] = [];
  let next = '';
  for (let page = 0; page < MAX_PAGES; page++) {
    const path = `${folder}?${paramsOf(query, next)}`;
    const answer = await getJson(path, query.metadataOnly === true ? METADATA_ONLY : undefined);
    const read = answer.ok ? readPage(answer.value, query) : answer;
    if (!read.ok) return read;
    found.push(...read.value.objects);
    next = read.value.next;
    if (next === '') return { ok: true, value: found };
  }
  return { ok: false, code: 'refused', because: `GET ${folder} has more than ${PAGE * MAX_PAGES} objects` };
}

/** Items of a list leave out their kind, or name that of their metadata only: it is the one that was asked for. */
function readPage(
  body: unknown,
  { apiVersion, kind }: ListQuery,
): KubeAnswer<{ readonly objects: readonly KubeObject[]; readonly next: string }> {
  const page = KubeListShape.safeParse(body);
  const items = page.data?.items ?? [];
  const parsed = KubeObjectShape.array().safeParse(items.map((item) => ({ ...item, apiVersion, kind })));
  if (!page.success || !parsed.success) {
    return { ok: false, code: 'refused', because: `the list of ${kind} is not what a Kubernetes API server answers` };
  }
  return { ok: true, value: { objects: parsed.data, next: page.data.metadata?.continue ?? '' } };
}

function paramsOf({ labels, fields }: ListQuery, next: string): URLSearchParams {
  const params = new URLSearchParams({ limit: String(PAGE) });
  if (labels !== undefined) params.set('labelSelector', selector(labels));
  if (fields !== undefined) params.set('fieldSelector', selector(fields));
  if (next !== '') params.set('continue', next);
  return params;
}

function selector(wanted: Readonly<Record<string, string>>): string {
  return Object.entries(wanted)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
