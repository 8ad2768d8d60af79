/** A connection to one cluster's API server, for reading. Its CA is the cluster's own; its token is asked for anew each time. */
import https from 'node:https';
import { isMap } from '../../domain/json.ts';
import type { Kube } from '../../domain/kube.ts';
import { discovery } from './discover.ts';
import { exchange } from './exchange.ts';
import { KubeObjectShape } from './kube-object.ts';
import { listPages } from './list-pages.ts';
import { notKubernetes, parseJson } from './parse-json.ts';
import { folderOf, logPath, MAX_LOG_BYTES } from './paths.ts';
import { takeTurns } from './take-turns.ts';

export interface ConnectProps {
  /** https URL of the API server. */
  readonly server: string;
  /** PEM bundle that signs its certificate. */
  readonly ca: string;
  readonly token: () => Promise<string>;
  /** User to read as. @default ourselves */
  readonly actAs?: string | undefined;
  /** For each request. @default 10000 */
  readonly timeoutMs?: number | undefined;
}

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches */
const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

export interface KubeConnection extends Kube {
  /** Ends sockets that are kept alive. */
  close(): void;
}

const MAX_JSON = 32 * 1024 * 1024;
const AT_ONCE = 8;

/** Connects lazily: the first request opens the socket. */
export function connect({ server, ca, token, actAs, timeoutMs = 10_000 }: ConnectProps): KubeConnection {
  const agent = new https.Agent({ ca, keepAlive: true, maxSockets: AT_ONCE });
  const common = { server, token, agent, timeoutMs };
  // A request's deadline begins when it is sent, so it waits for its turn here and not for a socket.
  const turn = takeTurns(AT_ONCE);
  const getJson = async (path: string, accept?: string) =>
    parseJson(path, await turn(() => exchange({ ...common, maxBytes: MAX_JSON }, { path, accept, actAs })));
  const discover = discovery((path) => getJson(path));

  return {
    async get(ref, options = {}) {
      const resource = await discover(ref.apiVersion, ref.kind);
      if (!resource.ok) return resource;
      const path = `${folderOf(resource.value, ref.namespace)}/${encodeURIComponent(ref.name)}`;
      const answer = await getJson(path, options.metadataOnly === true ? METADATA_ONLY : undefined);
      if (!answer.ok) return answer;
      const { apiVersion, kind } = ref;
      const parsed = KubeObjectShape.safeParse(isMap(answer.value) ? { ...answer.value, apiVersion, kind } : undefined);
      return parsed.success ? { ok: true, value: parsed.data } : notKubernetes(path);
    },
    async list(query) {
      const resource = await discover(query.apiVersion, query.kind);
      return resource.ok ? listPages(getJson, resource.value, query) : resource;
    },
    async logs(query) {
      const request = { path: logPath(query), accept: '*/*', actAs };
      const answer = await turn(() => exchange({ ...common, maxBytes: MAX_LOG_BYTES * 2 }, request));
      if (!answer.ok) return answer;
      const lines = answer.value.toString('utf8').split('\n');
      return { ok: true, value: lines.at(-1) === '' ? lines.slice(0, -1) : lines };
    },
    close: () => agent.destroy(),
  };
}
