/** Where each item stands in the table. A key knows the type of its item, so that what is read is what was meant. */
import type { Items, ItemType } from './items.ts';

export interface Key<T extends ItemType = ItemType> {
  readonly pk: string;
  readonly sk: string;
  readonly type: T;
}

/** Items of one type under one partition key whose sort keys share a prefix. */
export interface Range<T extends ItemType = ItemType> {
  readonly pk: string;
  readonly prefix: string;
  readonly type: T;
}

const key = <T extends ItemType>(type: T, pk: string, sk: string): Key<T> => ({ type, pk, sk });
const range = <T extends ItemType>(type: T, pk: string, prefix: string): Range<T> => ({ type, pk, prefix });
const padded = (n: number) => String(n).padStart(10, '0');

export const keys = {
  registry: () => key('registry', 'REGISTRY', 'EDITION'),
  package: (name: string) => key('package', 'PACKAGES', name),
  environment: (name: string) => key('environment', 'ENVIRONMENTS', name),
  counter: (pkg: string) => key('counter', `PACKAGE#${pkg}`, 'COUNTER'),
  open: (pkg: string, sequence: number) => key('open', `PACKAGE#${pkg}`, `OPEN#${padded(sequence)}`),
  assignment: (pkg: string, targetHash: string) => key('assignment', `PACKAGE#${pkg}`, `ASSIGNMENT#${targetHash}`),
  rollout: (id: string) => key('rollout', `ROLLOUT#${id}`, 'META'),
  run: (id: string, run: number) => key('run', `ROLLOUT#${id}`, `RUN#${padded(run)}`),
  request: (id: string) => key('request', `ROLLOUT#${id}`, 'REQUEST'),
  deployment: (id: string, environment: string) => key('deployment', `ROLLOUT#${id}`, `DEPLOYMENT#${environment}`),
  build: (id: string, environment: string, attempt: number, turn: number) =>
    key('build', `ROLLOUT#${id}`, `BUILD#${environment}#${attempt}#${turn}`),
  approval: (id: string, stage: string, identity: string) =>
    key('approval', `ROLLOUT#${id}`, `APPROVAL#${stage}#${identity}`),
  status: (id: string, name: string) => key('status', `ROLLOUT#${id}`, `STATUS#${name}`),
  freeze: (name: string) => key('freeze', 'FREEZES', `FREEZE#${name}`),
  waiter: (id: string) => key('waiter', 'FREEZES', `WAITER#${id}`),
  wait: (id: string) => key('wait', `ROLLOUT#${id}`, 'WAIT'),
  events: (id: string) => key('events', `ROLLOUT#${id}`, 'EVENTS'),
  news: (id: string, environment: string, order: number) =>
    key('news', `ROLLOUT#${id}`, `NEWS#${environment}#${padded(order)}`),
  failures: (id: string, stage: string) => key('failures', `ROLLOUT#${id}`, `FAILURES#${stage}`),
  event: (id: string, number: number) => key('event', `ROLLOUT#${id}`, `EVENT#${padded(number)}`),
  release: (environment: string, pkg: string) => key('release', `ENVIRONMENT#${environment}`, `RELEASE#${pkg}`),
  hold: (environment: string, pkg: string) => key('hold', `ENVIRONMENT#${environment}`, `HOLD#${pkg}`),
  quarantine: (environment: string, pkg: string, digest: string) =>
    key('quarantine', `ENVIRONMENT#${environment}`, `QUARANTINE#${pkg}#${digest}`),
  lease: (cluster: string, namespace: string, release: string) =>
    key('lease', `LEASE#${cluster}`, `${namespace}/${release}`),
  idempotency: (pkg: string, idempotencyKey: string) => key('idempotency', `IDEMPOTENCY#${pkg}`, idempotencyKey),
  token: (jti: string) => key('token', `TOKEN#${jti}`, 'USED'),
  environmentValue: (environment: string, valueKey: string) =>
    key('environmentValue', `ENVIRONMENT#${environment}`, `VALUE#${valueKey}`),
  chartReads: (pkg: string, version: string) => key('chartReads', `PACKAGE#${pkg}`, `READS#${version}`),
  change: (pkg: string) => key('change', 'CHANGES', pkg),
  plan: (pkg: string, id: string) => key('plan', `PACKAGE#${pkg}`, `PLAN#${id}`),
  /** One partition a day; `at` is ISO 8601. */
  audit: (at: string, requestId: string) => key('audit', `AUDIT#${at.slice(0, 10)}`, `${at}#${requestId}`),
} satisfies { [T in ItemType]: (...parts: never[]) => Key<T> };

export const ranges = {
  packages: () => range('package', 'PACKAGES', ''),
  environments: () => range('environment', 'ENVIRONMENTS', ''),
  open: (pkg: string) => range('open', `PACKAGE#${pkg}`, 'OPEN#'),
  assignments: (pkg: string) => range('assignment', `PACKAGE#${pkg}`, 'ASSIGNMENT#'),
  deployments: (id: string) => range('deployment', `ROLLOUT#${id}`, 'DEPLOYMENT#'),
  approvals: (id: string) => range('approval', `ROLLOUT#${id}`, 'APPROVAL#'),
  statuses: (id: string) => range('status', `ROLLOUT#${id}`, 'STATUS#'),
  freezes: () => range('freeze', 'FREEZES', 'FREEZE#'),
  waiters: () => range('waiter', 'FREEZES', 'WAITER#'),
  holds: (environment: string) => range('hold', `ENVIRONMENT#${environment}`, 'HOLD#'),
  /** Of one package there, or of all. */
  quarantines: (environment: string, pkg?: string) =>
    range('quarantine', `ENVIRONMENT#${environment}`, pkg === undefined ? 'QUARANTINE#' : `QUARANTINE#${pkg}#`),
  news: (id: string) => range('news', `ROLLOUT#${id}`, 'NEWS#'),
  events: (id: string) => range('event', `ROLLOUT#${id}`, 'EVENT#'),
  environmentValues: (environment: string) => range('environmentValue', `ENVIRONMENT#${environment}`, 'VALUE#'),
  chartReads: (pkg: string) => range('chartReads', `PACKAGE#${pkg}`, 'READS#'),
  changes: () => range('change', 'CHANGES', ''),
  plans: (pkg: string) => range('plan', `PACKAGE#${pkg}`, 'PLAN#'),
  /** `day` is `2026-11-21`. */
  audit: (day: string) => range('audit', `AUDIT#${day}`, ''),
  releases: (environment: string) => range('release', `ENVIRONMENT#${environment}`, 'RELEASE#'),
};

/** What the two indexes see of an item; only rollouts are in them. Both serve lists, never decisions. */
export function indexAttributes(item: Items[ItemType]): Readonly<Record<string, string>> {
  if (item.type !== 'rollout') return {};
  const open = item.finishedAt === undefined || item.unsettled === true;
  return { byPackage: item.package, at: item.id, ...(open ? { open: 'OPEN' } : {}) };
}
