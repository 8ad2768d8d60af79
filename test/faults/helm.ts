/**
 * helm 4 as the cluster sees it: each run a row of writes, each of which may be the last. The order is that of helm's own
 * code (https://github.com/helm/helm/tree/v4.1.4/pkg/action: install.go, upgrade.go, rollback.go, uninstall.go).
 */
import type { HelmProblem } from '../../domain/release/helm.ts';
import { isStuck } from '../../domain/release/stuck-release.ts';
import type { HelmRecord, SimCluster } from './cluster.ts';

/** Revisions that helm keeps (`--history-max`, as our own helm is told). */
const HISTORY_MAX = 10;

export interface HelmRunProps {
  readonly cluster: SimCluster;
  /** `namespace/release`. */
  readonly place: string;
  readonly by: string;
  readonly now: () => Date;
  /** Reads helm's records. @throws HelmTrouble */
  read(what: string): Promise<void>;
  /** Lets one write through, or not. @throws HelmTrouble, or Killed */
  write(what: string, effect: () => void): Promise<void>;
}

/** Why a run ends early; it tries to say so in its record first. */
export class HelmTrouble extends Error {
  override readonly name = 'HelmTrouble';
  readonly problem: HelmProblem;

  constructor(problem: HelmProblem) {
    super(problem.because);
    this.problem = problem;
  }
}

/** The process is gone: nothing more is written. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

const trouble = (code: HelmProblem['code'], because: string) => new HelmTrouble({ code, because });

/** `helm upgrade --install`. @throws HelmTrouble, Killed */
export async function helmUpgrade(
  run: HelmRunProps,
  version: string,
  labels: Readonly<Record<string, string>>,
  rejected: boolean,
): Promise<void> {
  await run.read('the history');
  const before = recordsOf(run).at(-1);
  if (before !== undefined && isStuck(before.status)) {
    throw trouble('foreign-operation', 'another operation (install/upgrade/rollback) is in progress');
  }
  const status = before === undefined ? 'pending-install' : 'pending-upgrade';
  const record = { ...recordOf(run, before, version), status, labels: { ...before?.labels, ...labels } } as const;
  await create(run, record);
  await failing(run, record.revision, async () => {
    if (rejected) throw trouble('rejected', 'Deployment.apps "webui" is invalid: spec.replicas: Invalid value');
    await apply(run, version);
    await settle(run, record.revision);
  });
}

/** `helm rollback`, which asks nobody whether something else is under way. @throws HelmTrouble, Killed */
export async function helmRollback(run: HelmRunProps, toRevision: number): Promise<void> {
  await run.read('the history');
  const target = recordsOf(run).find(({ revision }) => revision === toRevision);
  if (target === undefined) throw trouble('no-such-revision', `release has no ${toRevision} version`);
  const { version, labels } = target;
  const record = { ...recordOf(run, recordsOf(run).at(-1), version), status: 'pending-rollback', labels } as const;
  await create(run, record);
  await failing(run, record.revision, async () => {
    await apply(run, version);
    await settle(run, record.revision);
  });
}

/** `helm uninstall`. @throws HelmTrouble, Killed */
export async function helmUninstall(run: HelmRunProps): Promise<void> {
  await run.read('the history');
  const last = recordsOf(run).at(-1);
  if (last === undefined) throw trouble('no-such-release', 'uninstall: Release not loaded: release: not found');
  const { cluster, place } = run;
  await run.write('calls it uninstalling', () => setStatus(run, last.revision, 'uninstalling'));
  await run.write('takes its objects away', () => void cluster.live.delete(place));
  await run.write('forgets its revisions', () => void cluster.records.delete(place));
}

function recordsOf({ cluster, place }: HelmRunProps): readonly HelmRecord[] {
  return cluster.records.get(place) ?? [];
}

function recordOf({ by, now }: HelmRunProps, before: HelmRecord | undefined, version: string) {
  return { revision: (before?.revision ?? 0) + 1, version, by, at: now() };
}

/** The record comes before anything else; two runs that want the same number meet here. */
function create(run: HelmRunProps, record: HelmRecord): Promise<void> {
  return run.write(`begins revision ${record.revision} (${record.version}, ${record.status})`, () => {
    const records = recordsOf(run);
    if (records.some(({ revision }) => revision === record.revision)) {
      throw trouble('foreign-operation', `secrets "sh.helm.release.v1.v${record.revision}" already exists`);
    }
    run.cluster.records.set(run.place, [...pruned(records), record]);
  });
}

/** The one that is deployed is never pruned. */
function pruned(records: readonly HelmRecord[]): readonly HelmRecord[] {
  const deployed = records.findLast(({ status }) => status === 'deployed');
  const tooMany = records.length - (HISTORY_MAX - 1);
  const gone = records.filter((record) => record !== deployed).slice(0, Math.max(0, tooMany));
  return records.filter((record) => !gone.includes(record));
}

function apply(run: HelmRunProps, version: string): Promise<void> {
  const { cluster, place, now } = run;
  return run.write(`applies the objects of ${version}`, () => {
    cluster.live.set(place, { version, appliedAt: now(), createdAt: cluster.live.get(place)?.createdAt ?? now() });
  });
}

async function settle(run: HelmRunProps, revision: number): Promise<void> {
  const before = recordsOf(run).filter(({ status }) => status === 'deployed');
  for (const record of before) {
    await run.write(`calls revision ${record.revision} superseded`, () =>
      setStatus(run, record.revision, 'superseded'),
    );
  }
  await run.write(`calls revision ${revision} deployed`, () => setStatus(run, revision, 'deployed'));
}

function setStatus(run: HelmRunProps, revision: number, status: HelmRecord['status']): void {
  const record = recordsOf(run).find((one) => one.revision === revision);
  if (record === undefined) throw trouble('no-such-release', `secrets "sh.helm.release.v1.v${revision}" not found`);
  record.status = status;
}

/** What goes wrong is recorded, if that still goes through. */
async function failing(run: HelmRunProps, revision: number, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof HelmTrouble)) throw error;
    await run
      .write(`calls revision ${revision} failed`, () => setStatus(run, revision, 'failed'))
      .catch((second: unknown) => {
        if (!(second instanceof HelmTrouble)) throw second;
      });
    throw error;
  }
}
