/**
 * Is everything still there that frozen inputs are made of? Asked before they are used again: by a retry of a rollout,
 * and by a rollback, which brings inputs of an earlier rollout back. Nothing is written.
 */
import type { Patience } from '../../domain/commit.ts';
import type { FrozenLayer, FrozenSecretLayer, Inputs } from '../../domain/items/deployment.ts';
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
  /** `what` names each chart, layer, layer of secrets and copy of facts that is gone, a sentence each. */
  | { readonly is: 'gone'; readonly what: readonly string[] }
  /** A registry did not say. */
  | { readonly is: 'unreachable'; readonly because: string };

/** How many copies are looked at together. */
const AT_ONCE = 8;

/** One thing that inputs are made of beside their chart. */
interface Part {
  readonly id: string;
  /** Said when it is gone. */
  readonly sentence: string;
  readonly isThere: () => Promise<boolean>;
}

/**
 * What of these inputs is gone: a chart whose registry does not have its digest any more, a layer that neither its
 * frozen copy nor the parameter's own version holds as it was planned, a layer of secrets whose ciphertext is another,
 * or what templates may know. Whatever several share is asked for once.
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
  const parts = [...new Map(inputs.flatMap((one) => partsOf(deps, one)).map((part) => [part.id, part])).values()];
  const lost: Part[] = [];
  const look = async () => {
    for (let next = parts.shift(); next !== undefined; next = parts.shift()) {
      if (!(await next.isThere())) lost.push(next);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, look));
  what.push(...lost.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(({ sentence }) => sentence));
  return what.length === 0 ? { is: 'there' } : { is: 'gone', what };
}

function partsOf(deps: FindGoneDeps, { layers, secretLayers = [], facts }: Inputs): readonly Part[] {
  return [
    ...layers.map((layer) => plainPart(deps, layer)),
    ...secretLayers.map((layer) => secretPart(deps, layer)),
    ...(facts === undefined ? [] : [factsPart(deps, facts)]),
  ];
}

/** As the deployer reads them: the copy, or the parameter's version while its bytes are the planned ones. */
function plainPart(deps: FindGoneDeps, { name, version, digest, copy }: FrozenLayer): Part {
  return {
    id: `${name}:${version} ${digest} ${copy}`,
    sentence: `layer ${name}, version ${version}: its frozen copy is gone, and the parameter does not have that version as it was`,
    isThere: async () => (await isKept(deps, copy, digest)) || (await stands(deps, name, version, digest)),
  };
}

/** There is no copy of secrets: the parameter has to have that version still, with the ciphertext that was planned. */
function secretPart(deps: FindGoneDeps, { name, version, digest }: FrozenSecretLayer): Part {
  return {
    id: `${name}:${version} ${digest}`,
    sentence: `layer ${name}, version ${version}: the parameter does not have that version as it was, and secrets have no copy`,
    isThere: () => stands(deps, name, version, digest),
  };
}

function factsPart(deps: FindGoneDeps, { digest, copy }: NonNullable<Inputs['facts']>): Part {
  return {
    id: `${copy} ${digest}`,
    sentence: `what was planned of the environments' values (${copy})`,
    isThere: () => isKept(deps, copy, digest),
  };
}

async function isKept({ plans, digest }: FindGoneDeps, copy: string, planned: string): Promise<boolean> {
  const content = await plans.get(copy);
  return content !== undefined && (await digest(content)) === planned;
}

async function stands({ parameters, digest }: FindGoneDeps, name: string, version: number, planned: string) {
  const value = await parameters.exactly(name, version);
  return value !== undefined && (await digest(value)) === planned;
}

async function pull({ charts, chartPatience }: FindGoneDeps, chart: string, digest: string) {
  for (let attempt = 1; ; attempt++) {
    const answer = await charts.pull(chart, digest);
    if (answer.pulled || answer.code !== 'unreachable' || attempt >= chartPatience.tries) return answer;
    await chartPatience.pause(attempt);
  }
}
