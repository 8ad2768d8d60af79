import type { EnvironmentItem, PackageItem } from '../../domain/items/registry.ts';
import { keys } from '../../domain/keys.ts';
import type { Table } from '../../domain/table.ts';
import type { Call } from './call.ts';
import { Refused } from './refused.ts';

/** The package and the environment that the path names, both registered. @throws Refused */
export async function registeredPair(
  table: Pick<Table, 'get'>,
  call: Pick<Call, 'package' | 'environment'>,
): Promise<{ readonly pkg: PackageItem; readonly environment: EnvironmentItem }> {
  const [pkg, environment] = await Promise.all([
    table.get(keys.package(call.package)),
    table.get(keys.environment(call.environment)),
  ]);
  if (pkg === undefined) throw new Refused('not-found', `package ${call.package} is not registered`);
  if (environment === undefined) throw new Refused('not-found', `environment ${call.environment} is not registered`);
  return { pkg, environment };
}
