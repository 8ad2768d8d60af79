/** The port `Helm` on the simulated one: behind the shipped fence, ended before its hard end, killed now and then. */
import { writeFence } from '../../adapters/helm/write-fence.ts';
import type { Helm, HelmAnswer, HelmRun } from '../../domain/release/helm.ts';
import type { HelmRecord, SimCluster } from './cluster.ts';
import { type HelmRunProps, HelmTrouble, helmRollback, helmUninstall, helmUpgrade, Killed } from './helm.ts';
import type { Process } from './process.ts';

/** A write of ours that went through. */
export interface OurWrite {
  readonly cluster: string;
  /** `namespace/release`. */
  readonly place: string;
  readonly fence: number;
  readonly kind: 'upgrade' | 'roll-back' | 'uninstall';
  /** The process of this run, one a run of helm. */
  readonly run: string;
  readonly what: string;
  /** helm's latest record before this write. */
  readonly over: Readonly<HelmRecord> | undefined;
  /** Whether the deployer around it has stood still meanwhile. */
  readonly wasFrozen: boolean;
}

export interface OurHelmDeps {
  readonly cluster: SimCluster;
  readonly process: Process;
  /** The cluster's own clock. */
  readonly now: () => Date;
  /** At which of its writes this run is killed by somebody, if it is. */
  killedAt(): number | undefined;
  /** Seconds that the next write takes helm: applying a chart with hooks may take long. */
  takes(): number;
  /** Whether the API server says no to this version's objects. */
  rejects(version: string): boolean;
  onWrite(write: OurWrite): void;
}

/** helm is ended a minute before its hard end (adapters/helm/run-helm.ts). */
const ENDED_BEFORE_MS = 60_000;
let runs = 0;

export function ourHelm(deps: OurHelmDeps): Helm {
  const started = (kind: OurWrite['kind'], run: HelmRun, work: (props: HelmRunProps) => Promise<void>) =>
    answerOf(work(behindFence(deps, kind, run)));
  const labels = ({ fence }: HelmRun) => ({ 'fairlead.dev/fence': String(fence.number) });
  return {
    hooksAfterwards: async () => ({ ok: true, afterwards: [] }),
    upgrade: (run) => {
      const version = new TextDecoder().decode(run.archive);
      return started('upgrade', run, (props) => helmUpgrade(props, version, labels(run), deps.rejects(version)));
    },
    rollBack: (run) => started('roll-back', run, (props) => helmRollback(props, run.toRevision)),
    uninstall: (run) => started('uninstall', run, helmUninstall),
  };
}

function behindFence(deps: OurHelmDeps, kind: OurWrite['kind'], { fence, namespace, release }: HelmRun): HelmRunProps {
  const { cluster, process } = deps;
  const place = `${namespace}/${release}`;
  const mayWrite = writeFence({
    holds: fence.holds,
    writesEnd: fence.until ?? (() => fence.hardEnd),
    now: process.now,
  });
  const killedAt = deps.killedAt();
  const run = `${process.requestId}-${++runs}`;
  let writes = 0;
  const reached = () => {
    if (cluster.down) throw new HelmTrouble({ code: 'unreachable', because: 'connection refused' });
  };
  const alive = () => {
    if (process.now().getTime() < fence.hardEnd.getTime() - ENDED_BEFORE_MS) return;
    throw new HelmTrouble({ code: 'out-of-time', because: 'helm was ended: its time was over' });
  };
  return {
    cluster,
    place,
    by: `fence ${fence.number}`,
    now: deps.now,
    read: (what) => process.step(`helm reads ${what}`, reached),
    async write(what, effect) {
      // A process that stood still is told of its time's end only after it has gone on: this write comes first.
      alive();
      await process.pause(deps.takes());
      await process.step(`helm ${what}`, () => undefined);
      writes += 1;
      if (writes === killedAt) throw new Killed('helm was killed');
      if (!(await mayWrite())) throw new HelmTrouble({ code: 'fenced', because: 'fairlead: the lease is over' });
      reached();
      const last = cluster.records.get(place)?.at(-1);
      const over = last && { ...last };
      effect();
      deps.onWrite({
        cluster: cluster.name,
        place,
        fence: fence.number,
        kind,
        run,
        what,
        over,
        wasFrozen: process.wasFrozen,
      });
    },
  };
}

async function answerOf(work: Promise<void>): Promise<HelmAnswer> {
  try {
    await work;
    return { ok: true };
  } catch (error) {
    if (error instanceof Killed) return { ok: false, problem: { code: 'interrupted', because: error.message } };
    if (error instanceof HelmTrouble) return { ok: false, problem: error.problem };
    throw error;
  }
}
