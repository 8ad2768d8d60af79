/** Items of the table as the API shows them. */
import type { EnvironmentView, ReleaseView } from '../../contracts/api/environment.ts';
import type { PackageView } from '../../contracts/api/package.ts';
import type { DeploymentView, EventView, RolloutSummary, RolloutView } from '../../contracts/api/rollout.ts';
import { deployerRole } from '../../domain/deployment/deployer-role.ts';
import type { DeploymentItem } from '../../domain/items/deployment.ts';
import type { EventItem } from '../../domain/items/history.ts';
import type { EnvironmentItem, PackageItem } from '../../domain/items/registry.ts';
import type { ReleaseItem } from '../../domain/items/release.ts';
import type { RolloutItem } from '../../domain/items/rollout.ts';
import type { WaitItem } from '../../domain/items/waiting.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { GateSeen } from '../../domain/rollout/rules/gate.ts';
import { valuesChangeView } from './change-views.ts';
import type { Installation } from './deps.ts';
import { gateView } from './gate-views.ts';

export function packageView(item: PackageItem): PackageView {
  const { type: _type, v: _v, rev, stages, repositories, references, ...rest } = item;
  const own =
    stages === undefined ? {} : { stages: stages.map(({ targets, ...s }) => ({ ...s, targets: [...targets] })) };
  return {
    ...rest,
    repositories: [...repositories],
    ...(references && { references: [...references] }),
    ...own,
    revision: rev,
  };
}

/** With the role that the cluster has to let in, which whoever connects it needs to know. */
export function environmentView(item: EnvironmentItem, installation: Installation): EnvironmentView {
  const { type: _type, v: _v, rev, ...rest } = item;
  const { rolePrefix, account, region, clusterAccounts } = installation;
  // A cluster of an account that is not configured is told of the deployer itself.
  const clusterAccount = clusterAccounts.includes(item.cluster.account) ? item.cluster.account : account;
  const of = { installation: rolePrefix.slice(0, -1), account, region, deployer: item.deployer, clusterAccount };
  return { ...rest, deployerRole: deployerRole(of), revision: rev };
}

export function releaseView(item: ReleaseItem): ReleaseView {
  const { package: pkg, environment, state, version, rolloutId, liveRevision, goodRevision, because, at, good } = item;
  return {
    package: pkg,
    environment,
    state,
    ...(version !== undefined && { version }),
    ...(rolloutId !== undefined && { rollout: rolloutId }),
    ...(liveRevision !== undefined && { revision: liveRevision }),
    ...(goodRevision !== undefined && { goodRevision }),
    because,
    at,
    ...(good && { good: good.map((one) => ({ version: one.version, rollout: one.rolloutId, at: one.at })) }),
  };
}

/** `wait` is what it waits on, where that is known. */
export function rolloutSummary(item: RolloutItem, installation: Installation, wait?: WaitItem): RolloutSummary {
  const {
    type: _type,
    v: _v,
    rev: _rev,
    run,
    plan: _plan,
    abort: _abort,
    stages: _stages,
    valuesChange,
    ...more
  } = item;
  const { principal, outcome, placedAt: _placedAt, unsettled: _unsettled, ...rest } = more;
  return {
    ...rest,
    ...(valuesChange !== undefined && { valuesChange: valuesChangeView(valuesChange) }),
    ...(outcome !== undefined && { outcome: outcomeView(outcome) }),
    startedBy: principal,
    ...(item.state === 'waiting' && wait !== undefined && { waiting: waitView(wait) }),
    console: consoleLink(installation, item.id, run),
  };
}

export function rolloutView(
  item: RolloutItem,
  seen: Omit<GateSeen, 'rollout' | 'deployments'> & {
    readonly deployments: readonly DeploymentItem[];
    readonly wait?: WaitItem | undefined;
  },
  installation: Installation,
  now: Date,
): RolloutView {
  const { plan } = item;
  const { deployments, wait } = seen;
  const gateOf = (stage: string) => gateView({ rollout: item, ...seen }, stage, now);
  return {
    ...rolloutSummary(item, installation, wait),
    ...(plan !== undefined && { chartDigest: plan.chartDigest, planDigest: plan.digest }),
    stages: (plan?.stages ?? []).map(({ targets: _targets, gate: _gate, ...stage }) => {
      const gate = gateOf(stage.name);
      return { ...stage, ...(gate !== undefined && { gate }) };
    }),
    deployments: deployments.map((deployment) => deploymentView(deployment, mostObjects(deployments.length))),
  };
}

/** A Lambda answers at most 6 MB: of very many deployments each names fewer objects. Its evidence has all of them. */
const mostObjects = (deployments: number) => (deployments > 100 ? 3 : Number.POSITIVE_INFINITY);

export function deploymentView(item: DeploymentItem, objects: number): DeploymentView {
  const { environment, stage, state, attempt, place, outcome, revision, startedAt, finishedAt, evidence, deferred } =
    item;
  return {
    environment,
    stage,
    state,
    attempt,
    ...(outcome !== undefined && { outcome: outcomeView(outcome, objects) }),
    cluster: place.cluster.name,
    namespace: place.namespace,
    release: place.release,
    ...(revision !== undefined && { revision }),
    ...(startedAt !== undefined && { startedAt }),
    ...(finishedAt !== undefined && { finishedAt }),
    ...(item.lookedAt !== undefined && { lookedAt: item.lookedAt }),
    ...(state === 'pending' && deferred !== undefined && { putOff: deferred }),
    evidence: evidence !== undefined,
  };
}

export function eventView({ type: _type, v: _v, rev: _rev, rolloutId: _id, ...event }: EventItem): EventView {
  return event;
}

const waitView = ({ on, because, since, until, who, stage, behind }: WaitItem) => ({
  on,
  because,
  since,
  until,
  who,
  ...(stage !== undefined && { stage }),
  ...(behind !== undefined && { behind }),
});

const outcomeView = ({ code, because, objects }: Outcome, most = Number.POSITIVE_INFINITY) => ({
  code,
  because,
  ...(objects !== undefined && { objects: objects.slice(0, most) }),
});

/** The current run's execution, in the AWS console of the installation's region. */
function consoleLink({ region, rolloutMachineArn }: Installation, id: string, run: number): string {
  const execution = `${rolloutMachineArn.replace(':stateMachine:', ':execution:')}:${id}-${run}`;
  return `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${execution}`;
}
