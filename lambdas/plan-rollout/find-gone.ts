/**
 * Is everything still there that frozen inputs are made of? Asked before they are used again: by a retry of a rollout,
 * and by a rollback, which brings inputs of an earlier rollout back. Nothing is written.
 */
import type { Patience } from '../../domain/commit.ts';
import type { FrozenLayer, Inputs } from '../../domain/items/deployment.ts';
import type { Charts, Digest, Objects, Parameters } from '../../domain/ports.ts';

export interface FindGoneDeps {
  readonly plans: Pick<Objects, 'get'>;
  readonly parameters: Pick<Parameters, 'exactly'>;
  readonly charts: Pick<Charts, 'pull'>;
  readonly digest: Digest;
  /** Between tries at a registry that does not answer. */
  readonly chartPatience: Patience;
}

export type Gone =
  | { readonly is: 'there' }
  /** `what` names each chart and layer that is gone, a sentence each. */
  | { readonly is: 'gone'; readonly what: readonly string[] }
  /** A registry did not say. */
  | { readonly is: 'unreachable'; readonly because: string };

/** How many copies are looked at together. */
const AT_ONCE = 8;

/**
 * What of these inputs is gone: a chart whose registry does not have its digest any more, or a layer that neither its
 * frozen copy nor the parameter's own version holds as it was planned. Charts and layers that several share are asked for once.
 * @throws what its ports throw: whoever calls tries again.
 */
export async function findGone(deps: FindGoneDeps, inputs: readonly Inputs[]): Promise<Gone> {
  const charts = new Map(inputs.map((one) => [`${one.chart}@${one.chartDigest}`, one]));
  const what: string[] = [];
  for (const { chart, chartDigest, version } of charts.values()) {
    const found = await pull(deps, chart, chartDigest);
    if (found.pulled) continue;
    if (found.code === 'unreachable') return { is: 'unreachable', because: found.because };
    what.push(`chart ${chart} ${version} (${chartDigest}) is not in its registry any more: ${found.because}`);
  }
  const layers = [...new Map(inputs.flatMap((one) => one.layers).map((layer) => [nameOf(layer), layer])).values()];
  const lost: FrozenLayer[] = [];
  const look = async () => {
    for (let next = layers.shift(); next !== undefined; next = layers.shift()) {
      if (!(await holds(deps, next))) lost.push(next);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, look));
  what.push(...lost.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)).map(sentence));
  return what.length === 0 ? { is: 'there' } : { is: 'gone', what };
}

const nameOf = ({ name, version, digest, copy }: FrozenLayer) => `${name}:${version} ${digest} ${copy}`;

const sentence = ({ name, version }: FrozenLayer) =>
  `layer ${name}, version ${version}: its frozen copy is gone, and the parameter does not have that version as it was`;

/** As the deployer reads them: the copy, or the parameter's version while its bytes are the planned ones. */
async function holds({ plans, parameters, digest }: FindGoneDeps, layer: FrozenLayer): Promise<boolean> {
  const copy = await plans.get(layer.copy);
  if (copy !== undefined && (await digest(copy)) === layer.digest) return true;
  const value = await parameters.exactly(layer.name, layer.version);
  return value !== undefined && (await digest(value)) === layer.digest;
}

async function pull({ charts, chartPatience }: FindGoneDeps, chart: string, digest: string) {
  for (let attempt = 1; ; attempt++) {
    const answer = await charts.pull(chart, digest);
    if (answer.pulled || answer.code !== 'unreachable' || attempt >= chartPatience.tries) return answer;
    await chartPatience.pause(attempt);
  }
}
