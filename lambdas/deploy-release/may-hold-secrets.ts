/** Can these inputs hold any secret at all? Asked before anything is worked out: most cannot. */
import { TenantFacts } from '../../contracts/facts.ts';
import type { Inputs } from '../../domain/items/deployment.ts';
import { isMap } from '../../domain/json.ts';
import { readReference } from '../../domain/values/reference.ts';
import type { Deps } from './deps.ts';

type Needs = Pick<Deps, 'plans' | 'readLayer'>;

/** What cannot be read may. */
export async function mayHoldSecrets(needs: Needs, { layers, secretLayers = [], facts }: Inputs): Promise<boolean> {
  if (secretLayers.length > 0) return true;
  if (facts !== undefined && (await factsMay(needs, facts.copy))) return true;
  const plain = await Promise.all(
    layers.map(async ({ name, version, copy }) => {
      const bytes = await needs.plans.get(copy);
      const layer = bytes === undefined ? undefined : needs.readLayer(name, version, new TextDecoder().decode(bytes));
      return layer?.ok !== true || refers(layer.values);
    }),
  );
  return plain.includes(true);
}

async function factsMay({ plans }: Needs, copy: string): Promise<boolean> {
  const bytes = await plans.get(copy);
  if (bytes === undefined) return true;
  const facts = TenantFacts.parse(JSON.parse(new TextDecoder().decode(bytes)));
  return facts.environments.some(({ secrets }) => Object.keys(secrets).length > 0);
}

function refers(value: unknown): boolean {
  if (typeof value === 'string') return readReference(value).is !== 'plain';
  if (Array.isArray(value)) return value.some(refers);
  return isMap(value) && Object.values(value).some(refers);
}
