/** Can these inputs hold any secret at all? Asked before anything is worked out: most cannot. */
import type { Inputs } from '../../domain/items/deployment.ts';
import { isMap } from '../../domain/json.ts';
import { readReference } from '../../domain/values/secrets/reference.ts';
import type { Deps } from './deps.ts';

type Needs = Pick<Deps, 'plans' | 'readLayer'>;

/**
 * What cannot be read may. So may whatever a `Feature.yaml` declares: it says itself which of its values are secret, in plain
 * layers and in a rollout's own values, too; only charts that have one have `facts`.
 */
export async function mayHoldSecrets(needs: Needs, { layers, secretLayers = [], facts }: Inputs): Promise<boolean> {
  if (secretLayers.length > 0 || facts !== undefined) return true;
  const plain = await Promise.all(
    layers.map(async ({ name, version, copy }) => {
      const bytes = await needs.plans.get(copy);
      const layer = bytes === undefined ? undefined : needs.readLayer(name, version, new TextDecoder().decode(bytes));
      return layer?.ok !== true || refers(layer.values);
    }),
  );
  return plain.includes(true);
}

function refers(value: unknown): boolean {
  if (typeof value === 'string') return readReference(value).is !== 'plain';
  if (Array.isArray(value)) return value.some(refers);
  return isMap(value) && Object.values(value).some(refers);
}
