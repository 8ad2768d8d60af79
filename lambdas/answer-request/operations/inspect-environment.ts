import { InspectionQuery } from '../../../contracts/api/query.ts';
import type { InspectedPackage, InspectInput, InspectionView } from '../../../contracts/inspection.ts';
import { actingAs } from '../../../domain/deployment/acting-as.ts';
import type { Check } from '../../../domain/inspection/check.ts';
import {
  deployerAnswers,
  deployerSilent,
  deployerUnknown,
  judgeClock,
} from '../../../domain/inspection/judge-deployer.ts';
import type { EnvironmentItem } from '../../../domain/items/registry.ts';
import { keys } from '../../../domain/keys.ts';
import { placeOf } from '../../../domain/registry/place.ts';
import { type Answer, type Call, queryOf } from '../call.ts';
import type { Deps } from '../deps.ts';
import { Refused } from '../refused.ts';
import { environmentView } from '../views.ts';

/** GET /environments/{environment}/inspection: 200 whatever is found, also that the deployer does not answer. */
export async function inspectEnvironment(deps: Deps, call: Call): Promise<Answer> {
  const query = queryOf(call, InspectionQuery);
  const environment = await deps.table.get(keys.environment(call.environment));
  if (environment === undefined) throw new Refused('not-found', `environment ${call.environment} is not registered`);
  const pkg = query.package === undefined ? undefined : await inspected(deps, query.package, environment);
  const { name, cluster, deployer } = environment;
  const input: InspectInput = {
    v: 1,
    operation: 'inspect',
    environment: name,
    cluster,
    ...(pkg !== undefined && { package: { ...pkg, ...(query.version !== undefined && { version: query.version }) } }),
  };
  const { deployerRole: role } = environmentView(environment, deps.installation);
  const body: InspectionView = {
    environment: name,
    ...(pkg !== undefined && { package: pkg.name }),
    deployer: { name: deployer, ...(role !== undefined && { role }) },
    ...(await ask(deps, deployer, input)),
  };
  return { status: 200, body };
}

async function inspected({ table }: Deps, name: string, environment: EnvironmentItem): Promise<InspectedPackage> {
  const item = await table.get(keys.package(name));
  if (item === undefined) throw new Refused('not-found', `package ${name} is not registered`);
  const { chart, namespace, release } = item;
  const { namespace: landsIn } = placeOf(item, environment);
  const actAs = actingAs(item, landsIn);
  return { name, chart, namespace, landsIn, release, ...(actAs !== undefined && { actAs }) };
}

async function ask(
  { inspect, installation, now }: Deps,
  deployer: string,
  input: InspectInput,
): Promise<Pick<InspectionView, 'at' | 'checks'>> {
  const asked = now();
  const reply = await inspect(deployer, input);
  if (reply.answered) {
    const { at, checks } = reply.answer;
    const own: Check[] = [deployerAnswers(deployer), judgeClock(new Date(at), { asked, answered: now() })];
    return { at, checks: [...own, ...checks] };
  }
  const line = reply.known
    ? deployerSilent(deployer, reply.because)
    : deployerUnknown(deployer, installation.deployers);
  return { checks: [line] };
}
