/**
 * Which path has a kind? The API server says so itself, one group version at a time
 * (https://kubernetes.io/docs/concepts/overview/kubernetes-api/#api-discovery). Asked once a connection; a kind that is
 * missing is asked for anew, for a release may bring it along.
 */
import * as z from 'zod';
import type { KubeAnswer, KubeFailure } from '../../domain/kube.ts';

const ResourceList = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});

/** A kind's place in the API. */
export interface ApiResource {
  /** `/api/v1` or `/apis/{group}/{version}`. */
  readonly base: string;
  /** Plural, as it stands in paths. */
  readonly plural: string;
  readonly namespaced: boolean;
}

export type Discover = (apiVersion: string, kind: string) => Promise<KubeAnswer<ApiResource>>;
type GetJson = (path: string) => Promise<KubeAnswer<unknown>>;
/**
 * `{version}` or `{group}/{version}`, each as Kubernetes names them (https://kubernetes.io/docs/reference/using-api/#api-groups). Whoever wrote a chart or a
 * release wrote this: anything else would lead to other paths of the API, such as the proxy to somebody's service.
 */
const API_VERSION = /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

type Known = KubeAnswer<ReadonlyMap<string, ApiResource>>;

/** Discovery over `getJson`, remembering what it found. */
export function discovery(getJson: GetJson): Discover {
  const asked = new Map<string, Promise<Known>>();
  return async (apiVersion, kind) => {
    const unknown: KubeFailure = {
      ok: false,
      code: 'not-found',
      because: `the cluster knows no ${kind} in ${apiVersion}`,
    };
    if (!API_VERSION.test(apiVersion)) return unknown;
    const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const pending = asked.get(base) ?? readGroup(getJson, base);
    asked.set(base, pending);
    const known = await pending;
    const resource = known.ok ? known.value.get(kind) : undefined;
    if (resource !== undefined) return { ok: true, value: resource };
    asked.delete(base);
    if (!known.ok && known.code !== 'not-found') return known;
    return unknown;
  };
}

async function readGroup(getJson: GetJson, base: string): Promise<Known> {
  const answer = await getJson(base);
  if (!answer.ok) return answer;
  const parsed = ResourceList.safeParse(answer.value);
  if (!parsed.success) return { ok: false, code: 'refused', because: `GET ${base} did not answer with its resources` };
  // Subresources (`pods/log`) share the kind of their parent, and are not what is asked for.
  const whole = parsed.data.resources.filter(({ name }) => !name.includes('/'));
  const found = whole.map(({ kind, name, namespaced }) => [kind, { base, plural: name, namespaced }] as const);
  return { ok: true, value: new Map(found) };
}
