/**
 * What a deployment's frozen inputs come to: its layers, weakest first, what templates compute, and the rollout's own
 * values on top (domain/values/resolve-values.ts). Secrets are read here and stay in this process.
 */
import type { PulledValue } from '../../contracts/deployer.ts';
import type { Inputs } from '../../domain/items/deployment.ts';
import type { JsonMap } from '../../domain/json.ts';
import { keys } from '../../domain/keys.ts';
import type { Labels } from '../../domain/target.ts';
import type { ChartContent } from '../../domain/values/chart-content.ts';
import type { Resolved } from '../../domain/values/effective.ts';
import { layersOf } from '../../domain/values/layers/layer-names.ts';
import { resolveValues } from '../../domain/values/resolve-values.ts';
import type { Deps } from './deps.ts';
import { readFacts } from './values/read-facts.ts';
import { readLayers } from './values/read-layers.ts';
import { readReferences } from './values/read-references.ts';
import { type Trouble, trouble } from './values/trouble.ts';

/** Whose values: of a deployment, or of what one would be. */
export interface Gathering {
  readonly package: string;
  readonly environment: string;
  readonly labels?: Labels;
  readonly inputs: Inputs;
  /** The rollout's own values. */
  readonly own: JsonMap;
}

export type Gathered =
  | {
      readonly ok: true;
      readonly resolved: Extract<Resolved, { ok: true }>;
      /** Keyed digest of what helm is given. */
      readonly effectiveDigest: string;
    }
  | Trouble;

/** Nothing is asked of the world that the inputs do not name, but secrets: those at their frozen versions. */
export async function gatherValues(
  deps: Deps,
  chart: ChartContent,
  { package: pkg, environment, labels = {}, inputs, own }: Gathering,
  pulled: readonly PulledValue[],
): Promise<Gathered> {
  const entry = await deps.table.get(keys.package(pkg));
  const secrets = deps.secrets({ package: pkg, allowed: entry?.references ?? [] });
  const layers = await readLayers(deps, inputs, pulled, secrets);
  if (!layers.ok) return layers;
  const facts = await readFacts(deps, { inputs, environment }, chart.feature, secrets);
  if (!facts.ok) return facts;
  const known = facts.facts?.environments.find(({ name }) => name === environment);
  const asked = { layers: layers.value, own, feature: chart.feature, kind: known?.kind };
  const references = await readReferences(asked, secrets);
  if (!references.ok) return references;
  const resolved = await resolveValues({
    chart,
    layers: layers.value,
    own,
    environment: { labels, ...known, name: environment },
    ...(facts.facts !== undefined && { facts: facts.facts }),
    secretFacts: facts.secretFacts,
    references: references.texts,
    places: layersOf({ prefix: deps.valuesPrefix ?? '', labelOrder: [] }, pkg, { name: environment, labels }),
    engine: deps.engine,
    readYaml: deps.readYaml,
  });
  if (!resolved.ok) return trouble(resolved.code, resolved.because);
  return { ok: true, resolved, effectiveDigest: await deps.digest(deps.canonical(resolved.values)) };
}
