/** The port `DryRun` on an API server: server-side apply as helm 4 does it, and nothing is kept. */
import https from 'node:https';
import type { KubeFailure } from '../../domain/kube.ts';
import { type DryRun, FIELD_MANAGER, type Refusal } from '../../domain/plan-diff/dry-run.ts';
import type { ConnectProps } from './connect.ts';
import { discovery } from './discover.ts';
import { ask, exchange } from './exchange.ts';
import { KubeObjectShape } from './kube-object.ts';
import { notKubernetes, parseJson } from './parse-json.ts';
import { folderOf } from './paths.ts';
import { readRefusal } from './read-refusal.ts';
import { takeTurns } from './take-turns.ts';

export interface DryRunConnection extends DryRun {
  /** Ends sockets that are kept alive. */
  close(): void;
}

const MAX_JSON = 32 * 1024 * 1024;
const AT_ONCE = 8;

/** As `actAs`, like helm's own requests; failures are answers. */
export function dryRuns({ server, ca, token, actAs, timeoutMs = 10_000 }: ConnectProps): DryRunConnection {
  const agent = new https.Agent({ ca, keepAlive: true, maxSockets: AT_ONCE });
  const props = { server, token, agent, timeoutMs, maxBytes: MAX_JSON };
  const turn = takeTurns(AT_ONCE);
  const discover = discovery(async (path) => parseJson(path, await turn(() => exchange(props, { path, actAs }))));

  return {
    async apply({ apiVersion, kind, name, namespace, content }, { force }) {
      const resource = await discover(apiVersion, kind);
      if (!resource.ok) return { ok: false, refusal: refusalOf(resource) };
      const query = new URLSearchParams({ dryRun: 'All', fieldManager: FIELD_MANAGER, force: String(force) });
      const path = `${folderOf(resource.value, namespace)}/${encodeURIComponent(name)}?${query}`;
      const answer = await turn(() => ask(props, { path, patch: content, actAs }));
      if (!answer.ok) return { ok: false, refusal: refusalOf(answer) };
      const { status, body } = answer.value;
      if (status !== 200 && status !== 201) return { ok: false, refusal: readRefusal(status, body.toString(), path) };
      const parsed = parseJson(path, { ok: true, value: body });
      const would = KubeObjectShape.safeParse(parsed.ok ? parsed.value : undefined);
      return would.success
        ? { ok: true, would: would.data }
        : { ok: false, refusal: { code: 'refused', because: notKubernetes(path).because } };
    },
    close: () => agent.destroy(),
  };
}

function refusalOf({ code, because }: KubeFailure): Refusal {
  return { code: code === 'not-found' ? 'no-such-kind' : code, because };
}
