/** Why it did not work, with the next step for whoever reads it. */
import type { ApplyAnswer } from '../../contracts/deployer.ts';
import type { Failure } from '../../contracts/machines.ts';
import { accountOf, userOf } from '../../domain/deployment/acting-as.ts';
import { smallFailure } from '../../domain/deployment/failure.ts';
import { grantCommand } from '../../domain/deployment/grant-command.ts';
import type { DeploymentItem } from '../../domain/items/deployment.ts';
import { keys } from '../../domain/keys.ts';
import type { KubeFailure } from '../../domain/kube.ts';
import type { OutcomeCode } from '../../domain/outcome.ts';
import { type HelmProblem, outcomeOf } from '../../domain/release/helm.ts';
import type { Deps } from './deps.ts';

type Needs = Pick<Deps, 'table'>;

/** The answer of a call that touched nothing. */
export function blocked(code: OutcomeCode, because: string): Extract<ApplyAnswer, { outcome: 'blocked' }> {
  return { outcome: 'blocked', failure: smallFailure(code, because) };
}

/** The answer of a call that could not even begin, for reasons of our own. */
export function errored(because: string): Extract<ApplyAnswer, { outcome: 'errored' }> {
  return { outcome: 'errored', failure: smallFailure('internal', because) };
}

/** Whose release it is, and where. */
export type Whose = Pick<DeploymentItem, 'environment' | 'package' | 'place' | 'actAs'>;

/** A problem of helm's as it travels: missing rights name the command that grants them, an unknown role where to map it. */
export async function failureOf(needs: Needs, deployment: Whose, problem: HelmProblem): Promise<Failure> {
  const { code, objects } = outcomeOf(problem);
  const because = explained(problem, deployment);
  const told = problem.code === 'forbidden' ? `${because}: ${await remedy(needs, deployment, because)}` : because;
  return smallFailure(code, told, objects);
}

const AS_HELM_SAYS = {
  refused: 'rejected',
  forbidden: 'forbidden',
  'not-found': 'forbidden',
  unauthorised: 'unauthorised',
} as const;

/** What it means for *Apply* that the release cannot be read. */
export async function readFailure(
  needs: Needs,
  deployment: DeploymentItem,
  failure: KubeFailure,
): Promise<ApplyAnswer> {
  const { code, because } = failure;
  if (code === 'unreachable') return { outcome: 'unreachable', because };
  return { outcome: 'blocked', failure: await failureOf(needs, deployment, { code: AS_HELM_SAYS[code], because }) };
}

/** A cluster that does not know us needs another remedy than one that says no. Our token is worth nothing where the cluster has another name. */
export function explained(
  { code, because }: KubeFailure | HelmProblem,
  { environment, place }: Pick<DeploymentItem, 'environment' | 'place'>,
): string {
  if (code !== 'unauthorised') return because;
  return `the cluster does not know the deployer's role: let it in by access entry or aws-auth with 'fairlead cluster connect ${environment}', and see that the cluster goes by the name ${place.cluster.name} (${because})`;
}

/**
 * The fence also closes when the table cannot be asked. Whoever still holds the lease comes back and repairs: with
 * `lost` nobody would, and the release would stay cut off and held until the deadline.
 */
export function fencedThoughOurs(because: string): { outcome: 'unreachable'; because: string } {
  return { outcome: 'unreachable', because: `helm was fenced off, though the lease is still ours (${because})` };
}

/** Whoever acts as an account may be refused twice: may we act as it, and what may it do? */
async function remedy(needs: Needs, deployment: Whose, because: string): Promise<string> {
  const account = accountOf(deployment.actAs ?? '');
  if (account === undefined) return grantStep(needs, deployment);
  const name = `service account ${account.namespace}/${account.name}`;
  if (/cannot impersonate/.test(because)) {
    return `let the deployer act as ${name}: ${await grantStep(needs, deployment, deployment.actAs)}`;
  }
  if (!because.includes(userOf(account))) return grantStep(needs, deployment, deployment.actAs);
  return `the package acts as ${name}, whose own rights decide: bind a Role with that right to it`;
}

async function grantStep(
  { table }: Needs,
  { environment, package: pkg, place }: Whose,
  actAs?: string,
): Promise<string> {
  const registered = await table.get(keys.package(pkg));
  return grantCommand({ environment, namespace: registered?.namespace ?? place.namespace, actAs });
}
