import type { KubeAnswer, KubeFailure } from '../../domain/kube.ts';

/** The JSON of an answer's body; whoever answers otherwise is no API server. */
export function parseJson(path: string, answer: KubeAnswer<Buffer>): KubeAnswer<unknown> {
  if (!answer.ok) return answer;
  try {
    return { ok: true, value: JSON.parse(answer.value.toString('utf8')) };
  } catch (error) {
    if (error instanceof SyntaxError) return notKubernetes(path);
    throw error;
  }
}

export function notKubernetes(path: string): KubeFailure {
  return { ok: false, code: 'refused', because: `${path} did not answer as a Kubernetes API server does` };
}
