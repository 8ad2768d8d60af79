import { EnvironmentBody } from '../../../contracts/api/environment.ts';
import { nameOf } from '../../../domain/callers/principal.ts';
import { commit } from '../../../domain/commit.ts';
import type { EnvironmentItem } from '../../../domain/items/registry.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import { movesEnvironment, registerEnvironment } from '../../../domain/registry/register.ts';
import { type Answer, bodyOf, type Call } from '../call.ts';
import type { Deps } from '../deps.ts';
import { Refused } from '../refused.ts';
import { environmentView } from '../views.ts';
import { ifMatch, openIn } from '../write-registry.ts';

/** PUT /environments/{environment}: 201 new, 200 changed or the same. */
export async function putEnvironment(deps: Deps, call: Call): Promise<Answer> {
  const { table, patience } = deps;
  const wish = { item: toItem(deps, call), ifMatch: ifMatch(call) };
  const answer = await commit(table, patience, async () => {
    // First, and by itself: what is read after it and changes later raises the edition.
    const registry = await table.get(keys.registry());
    const [packages, environments] = await Promise.all([
      table.query(ranges.packages()),
      table.query(ranges.environments()),
    ]);
    const current = environments.find(({ name }) => name === call.environment);
    const names = packages.map(({ name }) => name);
    const [standing, open] = movesEnvironment(current, wish.item)
      ? await Promise.all([table.query(ranges.releases(call.environment)), openIn(table, names, call.environment)])
      : [[], []];
    const result = registerEnvironment({ current, packages, environments, registry, standing, open }, wish);
    return { writes: 'writes' in result ? result.writes : [], result };
  });
  if (!('item' in answer)) throw new Refused(answer.answer, answer.because);
  return { status: answer.answer === 'created' ? 201 : 200, body: environmentView(answer.item, deps.installation) };
}

function toItem({ installation, now }: Deps, call: Call): Omit<EnvironmentItem, 'rev'> {
  const { cluster, labels, deployer, kind, tenant, namespaceSuffix, queue } = bodyOf(call, EnvironmentBody);
  refuseUnknownDeployer(deployer, installation.deployers);
  const { name, account = installation.account, region = installation.region, endpoint, ca } = cluster;
  return {
    type: 'environment',
    v: 1,
    name: call.environment,
    cluster: { name, account, region, ...(endpoint !== undefined && { endpoint }), ...(ca !== undefined && { ca }) },
    labels,
    ...(kind !== undefined && { kind }),
    ...(tenant !== undefined && { tenant }),
    ...(namespaceSuffix !== undefined && { namespaceSuffix }),
    deployer,
    ...(queue !== undefined && { queue }),
    updatedAt: now().toISOString(),
    updatedBy: nameOf(call.caller.principal),
  };
}

function refuseUnknownDeployer(deployer: string, known: readonly string[]): void {
  if (known.includes(deployer)) return;
  const detail = `'${deployer}' is no deployer of this installation: it has ${known.join(', ')}`;
  throw new Refused('invalid', `the body: /deployer ${detail}`, [{ pointer: '/deployer', detail }]);
}
