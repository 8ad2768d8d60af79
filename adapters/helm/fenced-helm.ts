/** The port `Helm` on the real program: every run behind a fence of its own, with nothing secret left behind. */
import { parseAllDocuments } from 'yaml';
import * as z from 'zod';
import type { Clock, Log } from '../../domain/ports.ts';
import type { Fence, Helm, HelmAnswer, HelmInputs, HelmRelease, HelmRun } from '../../domain/release/helm.ts';
import { mayHaveHooks } from './chart-archive.ts';
import { problemOfDisk } from './disk-full.ts';
import { startFenceProxy } from './fence-proxy.ts';
import { findUndecodable, undecodedField } from './find-undecodable.ts';
import { kubeconfigOf } from './kubeconfig.ts';
import { readHelmError } from './read-helm-error.ts';
import { type HelmCommand, type HelmEnd, runHelm } from './run-helm.ts';
import { valuesFile } from './values-file.ts';

export interface FencedHelmProps {
  /** Path of the helm binary. */
  readonly helm: string;
  /** Its name stands on every revision we make, beside the fence, for people to see. */
  readonly installation: string;
  /** Where private folders are made. */
  readonly temporary: string;
  readonly server: string;
  readonly ca: string;
  readonly token: () => Promise<string>;
  readonly now: Clock;
  readonly log: Log;
}

/** Revisions that helm keeps (design section 11). */
const HISTORY_MAX = 10;
const RENDER_SECONDS = 60;
const MAX_RENDERED = 16 * 1024 * 1024;
/** helm is ended 60 s before its hard end; its own patience ends before that. */
const ENDED_BEFORE_SECONDS = 65;

/** helm for one cluster. Flags are those of helm 4. */
export function fencedHelm(props: FencedHelmProps): Helm {
  const fenced = async (what: string, run: HelmRun, files: HelmCommand['files'], args: HelmCommand['args']) => {
    const { server, ca, token, now } = props;
    const { fence, actAs } = run;
    const until = fence.until ?? (() => fence.hardEnd);
    const lease = { holds: fence.holds, writesEnd: until };
    const proxy = await startFenceProxy({ server, ca, token, actAs, now, ...lease });
    const started = now().getTime();
    try {
      const end = await runHelm({
        helm: props.helm,
        temporary: props.temporary,
        files: { ...files, kubeconfig: kubeconfigOf(proxy.url) },
        args: (path) => [...args(path), '--timeout', `${secondsLeft(fence, now())}s`],
        hardEnd: until,
        now,
      });
      const { reads, writes, refused } = proxy.counts();
      const milliseconds = now().getTime() - started;
      props.log.info(`helm ${what} ended`, {
        code: end.code,
        cutOff: end.cutOff,
        milliseconds,
        reads,
        writes,
        refused,
      });
      return notKept(end, fence, now()) ?? answerOf(end, refused > 0, proxy.notActedAs());
    } catch (error) {
      return problemOfDisk(error);
    } finally {
      await proxy.close();
    }
  };

  /** helm does not say which object it could not decode: what it rendered does. */
  const withCulprits = async (answer: HelmAnswer, inputs: HelmInputs): Promise<HelmAnswer> => {
    const field = answer.ok ? undefined : undecodedField(answer.problem.because);
    if (answer.ok || field === undefined) return answer;
    const objects = findUndecodable((await rendered(props, inputs)).stdout, field);
    return objects.length === 0 ? answer : { ok: false, problem: { ...answer.problem, objects } };
  };

  return {
    async hooksAfterwards(inputs) {
      if (!mayHaveHooks(inputs.archive)) return { ok: true, afterwards: [] };
      const end = await rendered(props, inputs).catch(problemOfDisk);
      if ('problem' in end) return end;
      const answer = answerOf(end, false);
      return answer.ok ? { ok: true, afterwards: afterwardsIn(end.stdout) } : answer;
    },

    async upgrade(run) {
      const answer = await fenced('upgrade', run, chartFiles(run), (path) => [
        ...['upgrade', ...chartArgs(run, path), '--install', '--hide-notes', '--server-side=true'],
        // Without it, empty values would mean those of the release before.
        '--reset-values',
        ...['--history-max', String(HISTORY_MAX), '--labels', labelsOf(props, run.fence)],
        ...(run.forceConflicts ? ['--force-conflicts'] : []),
        // By default helm runs these hooks as soon as everything is applied (https://helm.sh/docs/topics/charts_hooks/).
        ...(run.waits === true ? ['--wait=watcher'] : []),
      ]);
      return await withCulprits(answer, run);
    },

    rollBack: (run) =>
      fenced('rollback', run, {}, () => [
        ...['rollback', run.release, String(run.toRevision), '--namespace', run.namespace],
        ...['--server-side=true', '--history-max', String(HISTORY_MAX)],
        ...(run.forceConflicts ? ['--force-conflicts'] : []),
      ]),

    uninstall: (run) => fenced('uninstall', run, {}, () => ['uninstall', run.release, '--namespace', run.namespace]),
  };
}

/** What the chart makes of the values, without the cluster. */
function rendered({ helm, temporary, now }: FencedHelmProps, inputs: HelmInputs): Promise<HelmEnd> {
  // Nothing is changed, so only our own patience counts; the margin is what runHelm takes off.
  const end = new Date(now().getTime() + (RENDER_SECONDS + 60) * 1000);
  return runHelm({
    helm,
    temporary,
    files: chartFiles(inputs),
    args: (path) => ['template', ...chartArgs(inputs, path), '--is-upgrade'],
    hardEnd: () => end,
    now,
    maxStdout: MAX_RENDERED,
  });
}

const labelsOf = ({ installation }: FencedHelmProps, { number }: Fence) =>
  `fairlead.dev/fence=${number},fairlead.dev/installation=${installation}`;

/** JSON is YAML, so the values need no printer of their own. */
const chartFiles = ({ archive, values }: HelmInputs): HelmCommand['files'] => ({
  'chart.tgz': archive,
  'values.yaml': valuesFile(values),
});

const chartArgs = ({ release, namespace }: HelmRelease, path: (file: string) => string): readonly string[] => [
  ...[release, path('chart.tgz'), '--namespace', namespace],
  ...['--values', path('values.yaml')],
];

function secondsLeft({ hardEnd }: Fence, now: Date): number {
  return Math.max(1, Math.floor((hardEnd.getTime() - now.getTime()) / 1000) - ENDED_BEFORE_SECONDS);
}

/** helm was ended long before its time, since the lease could not be kept: that says nothing about the release. */
function notKept({ code, cutOff }: HelmEnd, fence: Fence, now: Date): HelmAnswer | undefined {
  if (code === 0 || !cutOff || fence.until === undefined || secondsLeft(fence, now) <= 1) return undefined;
  return { ok: false, problem: { code: 'interrupted', because: 'helm was ended, for its lease could not be renewed' } };
}

/** A write that was refused is why it went wrong, whatever helm made of it. */
function answerOf({ code, cutOff, stderr }: HelmEnd, refused: boolean, notActedAs?: string): HelmAnswer {
  if (code === 0) return { ok: true };
  if (notActedAs !== undefined) return { ok: false, problem: { code: 'forbidden', because: notActedAs } };
  if (code === null && !cutOff) return { ok: false, problem: { code: 'interrupted', because: 'helm was killed' } };
  const problem = readHelmError(stderr);
  if (refused) return { ok: false, problem: { code: 'fenced', because: problem.because } };
  if (cutOff) return { ok: false, problem: { code: 'out-of-time', because: 'helm was ended: its time was over' } };
  return { ok: false, problem };
}

const Hook = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), annotations: z.looseObject({ 'helm.sh/hook': z.string() }) }),
});

/** https://helm.sh/docs/topics/charts_hooks/ */
function afterwardsIn(rendered: string): string[] {
  const documents = parseAllDocuments(rendered, { logLevel: 'silent' });
  const hooks = Array.isArray(documents) ? documents.map((document) => Hook.safeParse(document.toJS())) : [];
  return hooks.flatMap(({ data }) => {
    const events = data?.metadata.annotations['helm.sh/hook'].split(',').map((event) => event.trim()) ?? [];
    const late = events.filter((event) => event === 'post-install' || event === 'post-upgrade');
    return late.map((event) => `${event} ${data?.kind}/${data?.metadata.name}`);
  });
}
