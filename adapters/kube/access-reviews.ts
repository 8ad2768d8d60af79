/**
 * What a cluster says of its caller: who it is, and what it may do
 * (https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access). Reviews are answered and not kept.
 */
import https from 'node:https';
import * as z from 'zod';
import type { ClusterUser, KindPlace, Right } from '../../domain/inspection/sights.ts';
import type { KubeAnswer } from '../../domain/kube.ts';
import type { ConnectProps } from './connect.ts';
import { discovery } from './discover.ts';
import { exchange } from './exchange.ts';
import { notKubernetes, parseJson } from './parse-json.ts';
import { takeTurns } from './take-turns.ts';

export interface AccessReviews {
  whoAmI(): Promise<KubeAnswer<ClusterUser>>;
  placeOf(apiVersion: string, kind: string): Promise<KubeAnswer<KindPlace>>;
  may(right: Right, actAs?: string): Promise<KubeAnswer<boolean>>;
  close(): void;
}

interface Asked {
  readonly spec?: object;
  readonly actAs?: string | undefined;
}

const MAX_BYTES = 4 * 1024 * 1024;
const AT_ONCE = 8;

const Identity = z.object({
  status: z.object({ userInfo: z.object({ username: z.string(), groups: z.array(z.string()).default([]) }) }),
});
const Permission = z.object({ status: z.object({ allowed: z.boolean() }) });

/** Reviews of one cluster. Each request has `timeoutMs` of its own. */
export function accessReviews({ server, ca, token, timeoutMs = 10_000 }: Omit<ConnectProps, 'actAs'>): AccessReviews {
  const agent = new https.Agent({ ca, keepAlive: true, maxSockets: AT_ONCE });
  const props = { server, token, agent, timeoutMs, maxBytes: MAX_BYTES };
  const turn = takeTurns(AT_ONCE);
  const discover = discovery(async (path) => parseJson(path, await turn(() => exchange(props, { path }))));

  const review = async <S extends z.ZodType>(answers: S, api: string, kind: string, asked: Asked = {}) => {
    const path = `/apis/${api}/${kind.toLowerCase()}s`;
    const { spec, actAs } = asked;
    const body = { apiVersion: api, kind, ...(spec !== undefined && { spec }) };
    const answer = parseJson(path, await turn(() => exchange(props, { path, review: body, actAs })));
    if (!answer.ok) return answer;
    const parsed = answers.safeParse(answer.value);
    return parsed.success ? { ok: true as const, value: parsed.data } : notKubernetes(path);
  };

  return {
    async whoAmI() {
      const answer = await review(Identity, 'authentication.k8s.io/v1', 'SelfSubjectReview');
      return answer.ok ? { ok: true, value: answer.value.status.userInfo } : answer;
    },
    async placeOf(apiVersion, kind) {
      const found = await discover(apiVersion, kind);
      if (!found.ok) return found;
      const { plural, namespaced } = found.value;
      return { ok: true, value: { group: groupOf(apiVersion), resource: plural, namespaced } };
    },
    async may(right, actAs) {
      const asked = { spec: { resourceAttributes: right }, actAs };
      const answer = await review(Permission, 'authorization.k8s.io/v1', 'SelfSubjectAccessReview', asked);
      return answer.ok ? { ok: true, value: answer.value.status.allowed } : answer;
    },
    close: () => agent.destroy(),
  };
}

/** `apps` of `apps/v1`; the core group has no name. */
function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}
