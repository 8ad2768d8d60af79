/**
 * What an answer other than 200 means. API servers explain themselves in a `Status` object
 * (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/).
 */
import { textAt } from '../../domain/json.ts';
import type { KubeFailure } from '../../domain/kube.ts';

/** `body` as it came; only a Status's message is repeated, cut to 500 characters. */
export function failureOf(status: number, body: string, path: string, method = 'GET'): KubeFailure {
  const said = messageOf(body) ?? `HTTP ${status}`;
  const because = `${method} ${path.split('?')[0]}: ${said}`;
  return { ok: false, code: codeOf(status), because };
}

function codeOf(status: number): KubeFailure['code'] {
  if (status === 401) return 'unauthorised';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not-found';
  // Too busy, starting or behind a load balancer without it: worth coming back for.
  return status === 429 || status >= 500 || status === 0 ? 'unreachable' : 'refused';
}

function messageOf(body: string): string | undefined {
  try {
    return textAt(JSON.parse(body), 'message')?.slice(0, 500);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
