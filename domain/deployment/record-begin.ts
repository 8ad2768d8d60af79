/** Begin, written down: one transaction that holds only while everything it was judged by still does. */

import type { Attempt } from '../commit.ts';
import type { DeploymentItem } from '../items/deployment.ts';
import type { Executor } from '../items/registry.ts';
import type { LeaseItem, ReleaseItem } from '../items/release.ts';
import { keys } from '../keys.ts';
import { clusterId, leaseKey } from '../registry/place.ts';
import { unchanged, type Write, write } from '../table.ts';
import { type BeginSeen, type BeginVerdict, judgeBegin } from './begin-deployment.ts';
import { executorOf } from './executor-of.ts';
import type { DeploymentSeen } from './look-at-deployment.ts';
import { countFailure, tell } from './tell.ts';
import { ruleOf } from './when-silent.ts';

/** What the `deployment` machine is told; `contracts/machines.ts` has its zod twin. */
export type BeginAnswer =
  | {
      readonly outcome: 'begun';
      /** What runs helm for this environment: the function that the machine calls from now on. */
      readonly deployer: string;
      /** Where helm runs, as far as is known now. */
      readonly executor: Executor;
      /** The CodeBuild project whose builds run helm, where the deployer has one. */
      readonly project?: string;
      readonly batches: string[][];
      /** How often a cluster that does not answer is asked before the try ends; 20 times (five minutes) when absent. */
      readonly patience?: number;
      readonly because: string;
    }
  | {
      readonly outcome: 'looks';
      readonly deployer: string;
      readonly revision: number;
      readonly until: string;
      readonly patience: number;
      readonly because: string;
    }
  | { readonly outcome: 'not-begun'; readonly because: string };

/** `ssm:GetParameters` takes ten names a call. */
const NAMES_A_CALL = 10;
/**
 * A state carries 256 KiB (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html), and what is beyond that ends an execution without any
 * Catch. A parameter has 8 KB, twice that as JSON at worst; layers beyond these are read from their frozen copies.
 */
const MOST_PULLED = 12;
/** Four times a quarter of a minute: what is tried again later holds nobody else of its stage up. */
const SHORT_PATIENCE = 4;

/** Judges and says what to write. Commit it with `domain/commit.ts`: whoever was faster makes it judge again. */
export function beginDeployment(seen: BeginSeen, attempt: number, now: Date): Attempt<BeginAnswer> {
  const verdict = judgeBegin(seen, attempt, now);
  const { because } = verdict;
  switch (verdict.is) {
    case 'not-ours':
      return { writes: [], result: { outcome: 'not-begun', because } };
    case 'looks':
      return { writes: [], result: looks(seen, verdict) };
    case 'begun-already':
      return { writes: [], result: goes(seen, because) };
    case 'begins':
      return { writes: begun(seen, verdict, now), result: goes(seen, because) };
    case 'deferred':
      return { writes: deferred(seen, verdict, now), result: { outcome: 'not-begun', because } };
    case 'skipped':
    case 'blocked':
      return { writes: ended(seen, verdict, now), result: { outcome: 'not-begun', because } };
  }
}

/** A try that has begun goes on even when its deployer went away meanwhile: the machine finds that out by itself, and *Finish* records it. */
function goes(seen: BeginSeen, because: string): BeginAnswer {
  const { deployment, deployers } = seen;
  const { [deployment.deployer]: deployer = '' } = deployers;
  const chosen = executorOf(seen);
  const executor = chosen.executor === 'codebuild' ? 'codebuild' : 'lambda';
  const project = chosen.project === undefined ? {} : { project: chosen.project };
  const patience = isTriedAgain(seen) ? { patience: SHORT_PATIENCE } : {};
  return { outcome: 'begun', deployer, executor, ...project, batches: batches(deployment), ...patience, because };
}

function looks({ deployment, deployers }: BeginSeen, { revision, until, because }: Is<'looks'>): BeginAnswer {
  const { [deployment.deployer]: deployer = '' } = deployers;
  return { outcome: 'looks', deployer, revision, until: until.toISOString(), patience: SHORT_PATIENCE, because };
}

/** Whether another try follows where the cluster does not answer. */
function isTriedAgain(seen: BeginSeen): boolean {
  const rule = ruleOf(seen);
  return rule !== undefined && rule.policy !== 'fail';
}

/** `name:version` of the layers that the machine pulls, ten a batch. */
function batches({ inputs }: DeploymentItem): string[][] {
  const names = inputs.layers.slice(0, MOST_PULLED).map(({ name, version }) => `${name}:${version}`);
  return Array.from({ length: Math.ceil(names.length / NAMES_A_CALL) }, (_, i) =>
    names.slice(i * NAMES_A_CALL, (i + 1) * NAMES_A_CALL),
  );
}

type Is<I extends BeginVerdict['is']> = Extract<BeginVerdict, { is: I }>;

function begun(seen: DeploymentSeen, { deadline, because }: Is<'begins'>, now: Date): Write[] {
  const { deployment, rollout, release, lease, hold, quarantine } = seen;
  const { rolloutId, environment, package: pkg, attempt, inputs } = deployment;
  const times = { startedAt: now.toISOString(), deadline: deadline.toISOString() };
  const fresh = { state: 'applying' as const, begun: attempt, lost: 0, deferred: undefined };
  return [
    ...tell(deployment, { ...fresh, ...times, sequence: rollout.sequence }, [
      { at: now, kind: 'deployment-begun', text: because },
    ]),
    write(leaseKey(deployment.place), lease, taken(deployment, lease, times.deadline)),
    write(
      keys.release(environment, pkg),
      release,
      deploying({ ...deployment, sequence: rollout.sequence }, release, because, now),
    ),
    unchanged(keys.rollout(rolloutId), rollout),
    unchanged(keys.failures(rolloutId, deployment.stage), seen.failures),
    unchanged(keys.hold(environment, pkg), hold),
    unchanged(keys.quarantine(environment, pkg, inputs.digest), quarantine),
  ];
}

/** The fence rises with the holder, so that whoever still works under an older one is late. The last operation stays: repair needs it. */
function taken(deployment: DeploymentItem, lease: LeaseItem | undefined, deadline: string): Omit<LeaseItem, 'rev'> {
  const { rolloutId, environment, attempt, place } = deployment;
  const { namespace, release } = place;
  return {
    type: 'lease',
    v: 1,
    cluster: clusterId(place.cluster),
    namespace,
    release,
    fence: (lease?.fence ?? 0) + 1,
    holder: { rolloutId, environment, attempt, deadline },
    ...(lease?.operation && { operation: lease.operation }),
  };
}

function deploying(
  { package: pkg, environment, sequence, rolloutId, inputs }: DeploymentItem,
  release: ReleaseItem | undefined,
  because: string,
  now: Date,
): Omit<ReleaseItem, 'rev'> {
  const known = release ?? { type: 'release', v: 1, package: pkg, environment };
  const underway = { rolloutId, version: inputs.version, inputsDigest: inputs.digest };
  const at = now.toISOString();
  return { ...known, highestSequence: sequence, underway, attempted: rolloutId, state: 'deploying', because, at };
}

function deferred(seen: DeploymentSeen, { on, until, because }: Is<'deferred'>, now: Date): Write[] {
  const { deployment } = seen;
  const changes = {
    begun: deployment.attempt,
    lost: 0,
    deferred: { on, until: until.toISOString(), because },
  };
  // One line a reason: the same lease may be found busy every half minute for an hour.
  const told = deployment.deferred?.because === because;
  return [...tell(deployment, changes, told ? [] : [{ at: now, kind: 'deployment-deferred', text: because }])];
}

function ended(seen: DeploymentSeen, { is, code, because }: Is<'skipped' | 'blocked'>, now: Date): Write[] {
  const { deployment } = seen;
  const changes = {
    state: is,
    begun: deployment.attempt,
    lost: 0,
    deferred: undefined,
    finishedAt: now.toISOString(),
    outcome: { code, because },
  };
  return [
    ...tell(deployment, changes, [{ at: now, kind: 'deployment-finished', text: because, state: is }]),
    ...(is === 'blocked' ? [countFailure(deployment, seen.failures)] : []),
  ];
}
