/** A memory table that holds one deployment and what surrounds it. */
import { type MemoryTable, memoryTable } from '../../adapters/memory/memory-table.ts';
import type { DeploymentSeen } from '../../domain/deployment/look-at-deployment.ts';
import type * as items from '../../domain/items.ts';
import type { Key } from '../../domain/keys.ts';
import { keys } from '../../domain/keys.ts';
import { leaseKey } from '../../domain/registry/place.ts';
import type { Write } from '../../domain/table.ts';
import { aDeployment, aRollout, someEvents } from './items.ts';

/** The deployers of the tests' installation, by name: functions in place of ARNs. */
export const DEPLOYERS = { default: 'deploy-release', private: 'deploy-release-private' };

/** What is seen of a pending deployment that nothing stands in the way of, unless told otherwise. */
export function aSight(given: Partial<DeploymentSeen> = {}): DeploymentSeen {
  return { deployment: aDeployment(), rollout: aRollout(), ...given };
}

/** Puts everything that `seen` shows into a table. */
export async function tableOf(...sights: readonly DeploymentSeen[]): Promise<MemoryTable> {
  const table = memoryTable();
  const rows = new Map(sights.flatMap(rowsOf).map((write) => [`${write.key.pk} ${write.key.sk}`, write]));
  await table.transact([...rows.values()]);
  return table;
}

function rowsOf({ deployment, rollout, failures, wait, hold, release, quarantine, lease }: DeploymentSeen): Write[] {
  const { rolloutId, environment, package: pkg, inputs, place } = deployment;
  return [
    ...row(keys.deployment(rolloutId, environment), deployment),
    ...row(keys.rollout(rolloutId), rollout),
    ...row(keys.events(rolloutId), someEvents()),
    ...row(keys.failures(rolloutId, deployment.stage), failures),
    ...row(keys.wait(rolloutId), wait),
    ...row(keys.hold(environment, pkg), hold),
    ...row(keys.release(environment, pkg), release),
    ...row(keys.quarantine(environment, pkg, inputs.digest), quarantine),
    ...row(leaseKey(place), lease),
  ];
}

function row<T extends items.ItemType>(key: Key<T>, item: items.Items[T] | undefined): Write[] {
  return item === undefined ? [] : [{ do: 'put', key, item, expect: 'any' }];
}

/** The items that writes put, by their type. */
export function putBy(writes: readonly Write[]): { readonly [T in items.ItemType]?: items.Items[T] } {
  return Object.fromEntries(writes.flatMap((write) => (write.do === 'put' ? [[write.item.type, write.item]] : [])));
}
