/** Items as they usually are; a test says only what matters to it. */

import type { DeploymentItem, Inputs } from '../../domain/items/deployment.ts';
import type { ApprovalItem, StatusItem } from '../../domain/items/gates.ts';
import type { EventsItem, FailuresItem } from '../../domain/items/history.ts';
import type { ClusterPlace, EnvironmentItem, Gate, PackageItem, StageRequest } from '../../domain/items/registry.ts';
import type { HoldItem, LeaseItem, Operation, QuarantineItem, ReleaseItem } from '../../domain/items/release.ts';
import type { RolloutItem } from '../../domain/items/rollout.ts';
import type { PlanItem } from '../../domain/items/values.ts';
import type { WaitItem } from '../../domain/items/waiting.ts';
import type { ItemType } from '../../domain/items.ts';
import type { ChartContent } from '../../domain/values/chart-content.ts';

export const ROLLOUT = '01JD0Z5Q6X3N8V7T2K4M9R1B0C';
export const OTHER_ROLLOUT = '01JD0Z5Q6X3N8V7T2K4M9R1B0D';
/** Saturday, 21 November 2026, ten o'clock. */
export const NOW = new Date('2026-11-21T10:00:00.000Z');
/** The moment `minutes` after NOW. */
export const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);

/** What an item may be told to be; `undefined` takes a field away. */
type Given<T> = { [K in keyof T]?: T[K] | undefined };
const make = <T>(usual: T, given: Given<T>): T =>
  Object.fromEntries(Object.entries({ ...usual, ...given }).filter(([, value]) => value !== undefined)) as T;

const base = <T extends ItemType>(type: T) => ({ type, v: 1 as const, rev: 1 });
const at = NOW.toISOString();

/** Its budget is a count, so that it does for planned stages too. */
type CountedStage = StageRequest & { readonly failureBudget: number };

export const aStage = (given: Given<CountedStage> = {}) =>
  make<CountedStage>({ name: 'everyone', targets: [{}], soakMinutes: 0, maxParallel: 10, failureBudget: 0 }, given);

export const aPackage = (given: Given<PackageItem> = {}) =>
  make<PackageItem>(
    {
      ...base('package'),
      name: 'webui',
      chart: 'oci://charts.example/webui',
      release: 'webui',
      namespace: 'web',
      repositories: ['acme/webui'],
      timeoutMinutes: 10,
      forceConflicts: false,
      updatedAt: at,
      updatedBy: 'operator/ann',
    },
    given,
  );

export const aCluster = (given: Given<ClusterPlace> = {}) =>
  make<ClusterPlace>({ name: 'main', account: '111111111111', region: 'eu-north-1' }, given);

export const anEnvironment = (given: Given<EnvironmentItem> = {}) =>
  make<EnvironmentItem>(
    {
      ...base('environment'),
      name: 'dev',
      cluster: aCluster(),
      labels: {},
      namespaceSuffix: given.name ?? 'dev',
      deployer: 'default',
      updatedAt: at,
      updatedBy: 'operator/ann',
    },
    given,
  );

export const someInputs = (given: Given<Inputs> = {}) =>
  make<Inputs>(
    {
      chart: 'oci://charts.example/webui',
      version: '1.4.2',
      chartDigest: 'sha256:aaaa',
      layers: [],
      digest: 'hmac-sha256:inputs',
    },
    given,
  );

export const aDeployment = (given: Given<DeploymentItem> = {}) =>
  make<DeploymentItem>(
    {
      ...base('deployment'),
      rolloutId: ROLLOUT,
      package: 'webui',
      environment: 'dev',
      stage: 'everyone',
      sequence: 7,
      state: 'pending',
      place: { cluster: aCluster(), namespace: 'web-dev', release: 'webui' },
      deployer: 'default',
      inputs: someInputs(),
      timeoutMinutes: 10,
      forceConflicts: false,
      attempt: 1,
      begun: 0,
      lost: 0,
    },
    given,
  );

export const aRollout = (given: Given<RolloutItem> = {}) =>
  make<RolloutItem>(
    {
      ...base('rollout'),
      id: ROLLOUT,
      package: 'webui',
      version: '1.4.2',
      sequence: 7,
      run: 1,
      state: 'running',
      principal: { role: 'fairlead-source-webui', session: 'ci', account: '111111111111' },
      claimed: {},
      createdAt: at,
      plan: {
        key: `rollouts/${ROLLOUT}/plan.json`,
        digest: 'hmac-sha256:plan',
        chartDigest: 'sha256:aaaa',
        stages: [{ ...aStage(), size: 1 }],
        at,
      },
    },
    given,
  );

/** So many deployments of stage `everyone` have ended badly. */
export const someFailures = (count: number) =>
  make<FailuresItem>({ ...base('failures'), rolloutId: ROLLOUT, stage: 'everyone', count }, {});

export const someEvents = (given: Given<EventsItem> = {}) => make<EventsItem>({ ...base('events'), last: 3 }, given);

export const aHold = (given: Given<HoldItem> = {}) =>
  make<HoldItem>(
    {
      ...base('hold'),
      package: 'webui',
      environment: 'dev',
      reason: 'load test',
      by: 'operator/ann',
      at,
      kind: 'hold',
    },
    given,
  );

export const aRelease = (given: Given<ReleaseItem> = {}) =>
  make<ReleaseItem>(
    {
      ...base('release'),
      package: 'webui',
      environment: 'dev',
      highestSequence: 6,
      rolloutId: OTHER_ROLLOUT,
      version: '1.4.1',
      chartDigest: 'sha256:9999',
      inputsDigest: 'hmac-sha256:old-inputs',
      effectiveDigest: 'hmac-sha256:old-effective',
      goodRevision: 4,
      liveRevision: 4,
      state: 'deployed',
      because: 'ready',
      at,
    },
    given,
  );

export const aQuarantine = (given: Given<QuarantineItem> = {}) =>
  make<QuarantineItem>(
    {
      ...base('quarantine'),
      package: 'webui',
      environment: 'dev',
      inputsDigest: 'hmac-sha256:inputs',
      rolloutId: OTHER_ROLLOUT,
      because: 'Deployment webui never became ready',
      at,
    },
    given,
  );

export const aLease = (given: Given<LeaseItem> = {}) =>
  make<LeaseItem>(
    {
      ...base('lease'),
      cluster: '111111111111/eu-north-1/main',
      namespace: 'web-dev',
      release: 'webui',
      fence: 5,
    },
    given,
  );

export const anOperation = (given: Given<Operation> = {}) =>
  make<Operation>(
    { requestId: 'r-1', kind: 'apply', expectedRevision: 5, hardEnd: later(14).toISOString(), fence: 5 },
    given,
  );

export const aWait = (given: Given<WaitItem> = {}) =>
  make<WaitItem>(
    {
      ...base('wait'),
      rolloutId: ROLLOUT,
      package: 'webui',
      run: 1,
      round: 2,
      token: 'token',
      rolloutRev: 1,
      on: 'lease',
      since: at,
      until: later(55).toISOString(),
      who: 'nobody',
      because: 'under way',
    },
    given,
  );

export const aGate = (given: Given<Gate> = {}) =>
  make<Gate>({ approvals: 1, authorMayApprove: false, hours: 72, statuses: [] }, given);

/** By the operator, for a stage named `prod`. */
export const anApproval = (given: Given<ApprovalItem> = {}) =>
  make<ApprovalItem>(
    {
      ...base('approval'),
      rolloutId: ROLLOUT,
      stage: 'prod',
      identity: `role/${given.role ?? 'fairlead-operator'}`,
      role: 'fairlead-operator',
      decision: 'approve',
      by: 'fairlead-operator/ann',
      planDigest: 'hmac-sha256:plan',
      at,
      until: later(72 * 60).toISOString(),
    },
    given,
  );

export const aStatus = (given: Given<StatusItem> = {}) =>
  make<StatusItem>(
    {
      ...base('status'),
      rolloutId: ROLLOUT,
      name: 'load-test',
      state: 'success',
      by: 'fairlead-source-webui/ci',
      planDigest: 'hmac-sha256:plan',
      at,
    },
    given,
  );

export const PLAN = '01JD0Z5Q6X3N8V7T2K4M9R1P0A';

export const aPlan = (given: Given<PlanItem> = {}) =>
  make<PlanItem>(
    {
      ...base('plan'),
      id: PLAN,
      package: 'webui',
      version: '1.4.2',
      state: 'working',
      because: 'asked for',
      stages: [aStage()],
      values: {},
      principal: { role: 'fairlead-operator', session: 'ann', account: '111111111111' },
      at,
      expiresAt: Math.floor(NOW.getTime() / 1000) + 90 * 86_400,
    },
    given,
  );

/** A chart with nothing but its name. */
export const aChart = (given: Partial<ChartContent> = {}): ChartContent => ({
  name: 'webui',
  version: '1.4.2',
  values: {},
  schemas: [],
  sizes: new Map(),
  ...given,
});
