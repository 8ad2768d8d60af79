/**
 * Everything Fairlead remembers, one interface per row of its table. Each item has its `type`, the version `v`
 * of its shape and a revision `rev` that rises by one with every write: a write names the revision it
 * replaces, so a writer who has seen something older than the truth is told so.
 */
import type { AuditItem, TokenItem } from './items/audit.ts';
import type { BuildItem } from './items/build.ts';
import type { DeploymentItem } from './items/deployment.ts';
import type { ApprovalItem, FreezeItem, StatusItem } from './items/gates.ts';
import type { EventItem, EventsItem, FailuresItem, NewsItem } from './items/history.ts';
import type { AssignmentItem, CounterItem, OpenItem } from './items/queue.ts';
import type { EnvironmentItem, PackageItem, RegistryItem } from './items/registry.ts';
import type { HoldItem, LeaseItem, QuarantineItem, ReleaseItem } from './items/release.ts';
import type { IdempotencyItem, RequestItem, RolloutItem, RunItem } from './items/rollout.ts';
import type { ChangeItem, ChartReadsItem, EnvironmentValueItem, PlanItem } from './items/values.ts';
import type { WaiterItem, WaitItem } from './items/waiting.ts';

export interface Items {
  registry: RegistryItem;
  package: PackageItem;
  environment: EnvironmentItem;
  counter: CounterItem;
  open: OpenItem;
  assignment: AssignmentItem;
  rollout: RolloutItem;
  run: RunItem;
  request: RequestItem;
  deployment: DeploymentItem;
  build: BuildItem;
  approval: ApprovalItem;
  status: StatusItem;
  freeze: FreezeItem;
  waiter: WaiterItem;
  wait: WaitItem;
  events: EventsItem;
  event: EventItem;
  news: NewsItem;
  failures: FailuresItem;
  release: ReleaseItem;
  hold: HoldItem;
  quarantine: QuarantineItem;
  lease: LeaseItem;
  idempotency: IdempotencyItem;
  token: TokenItem;
  audit: AuditItem;
  environmentValue: EnvironmentValueItem;
  chartReads: ChartReadsItem;
  change: ChangeItem;
  plan: PlanItem;
}
export type ItemType = keyof Items;
export type Item = Items[ItemType];
