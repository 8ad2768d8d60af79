/**
 * What helm would apply at the next upgrade: rendered by helm itself against the cluster, so that `lookup` and the cluster's
 * capabilities are what they will be, behind a proxy that lets nothing be written.
 */
import * as z from 'zod';
import type { RenderedRelease } from '../../domain/plan-diff/preview-sight.ts';
import type { Clock } from '../../domain/ports.ts';
import type { HelmInputs, HelmProblem } from '../../domain/release/helm.ts';
import { mayAskCluster, mayHaveCrds, mayLookUp } from './chart-archive.ts';
import { startFenceProxy } from './fence-proxy.ts';
import { kubeconfigOf } from './kubeconfig.ts';
import { readHelmError } from './read-helm-error.ts';
import { kindsBrought, readRendered } from './read-rendered.ts';
import { type HelmCommand, type HelmEnd, runHelm } from './run-helm.ts';
import { valuesFile } from './values-file.ts';

export interface RenderProps {
  /** Path of the helm binary. */
  readonly helm: string;
  /** Where private folders are made. */
  readonly temporary: string;
  readonly server: string;
  readonly ca: string;
  readonly token: () => Promise<string>;
  /** As whom helm will apply it. */
  readonly actAs?: string | undefined;
  readonly now: Clock;
  /** Whether the values fit the chart's schemas is not asked. */
  readonly unchecked?: true;
}

/** runHelm ends helm 60 s before this. */
const PATIENCE_MS = 60_000 + 45_000;
const MAX_RENDERED = 32 * 1024 * 1024;

const DryRun = z.object({
  manifest: z.string().default(''),
  hooks: z.array(z.object({ manifest: z.string().default('') })).nullish(),
});

/** What is wrong with the chart or its values: rendering once more would say the same. */
const OF_THE_CHART: readonly HelmProblem['code'][] = [
  'template-broken',
  'values-broken',
  'unreachable',
  'unauthorised',
];

/**
 * `helm upgrade --install --dry-run=server`. `helm template` where the chart cannot depend on the cluster, and where the cluster would
 * not take part (a kind it does not have, a release in mid-operation, an object that is not ours): then without answers to `lookup`.
 * @throws DiskFull, HelmNotStarted
 */
export async function renderRelease(
  props: RenderProps,
  inputs: HelmInputs,
  isUpgrade: boolean,
): Promise<RenderedRelease> {
  // Without a cluster helm needs a sixth of the time.
  if (!mayAskCluster(inputs.archive, inputs.values)) return await renderAlone(props, inputs, isUpgrade);
  const { server, ca, token, actAs, now } = props;
  const late = now();
  let secretsRead = false;
  const proxy = await startFenceProxy({
    server,
    ca,
    token,
    actAs,
    now,
    holds: async () => false,
    writesEnd: () => late,
    onRead: (path) => {
      secretsRead ||= readsSecrets(path);
    },
  });
  const looked = () => (secretsRead && mayLookUp(inputs.archive, inputs.values) ? { readSecrets: true as const } : {});
  try {
    const end = await run(props, inputs, { kubeconfig: kubeconfigOf(proxy.url) }, (path) => [
      ...[
        'upgrade',
        ...chartArgs(props, inputs, path),
        '--install',
        '--reset-values',
        '--server-side=true',
        '--hide-notes',
      ],
      ...['--dry-run=server', '--output', 'json'],
    ]);
    if (end.code === 0) return { ...readDryRun(end.stdout, inputs), ...looked() };
    const refused = proxy.notActedAs();
    if (refused !== undefined) return { ok: false, problem: { code: 'forbidden', because: refused } };
    const problem = problemOf(end);
    return OF_THE_CHART.includes(problem.code)
      ? { ok: false, problem, ...looked() }
      : { ...(await renderAlone(props, inputs, isUpgrade, problem)), ...looked() };
  } finally {
    await proxy.close();
  }
}

/** helm itself asks for its records, by their labels; whatever else asks for Secrets may be a template. */
function readsSecrets(path: string): boolean {
  const { pathname, searchParams } = new URL(path, 'http://cluster');
  if (!/^\/api\/v1\/(namespaces\/[^/]+\/)?secrets(\/|$)/.test(pathname)) return false;
  return !/(^|,)owner=helm(,|$)/.test(searchParams.get('labelSelector') ?? '');
}

async function renderAlone(
  props: RenderProps,
  inputs: HelmInputs,
  isUpgrade: boolean,
  refused?: HelmProblem,
): Promise<RenderedRelease> {
  const end = await run(props, inputs, {}, (path) => [
    ...['template', ...chartArgs(props, inputs, path), ...(isUpgrade ? ['--is-upgrade'] : [])],
  ]);
  if (end.code !== 0) return { ok: false, problem: problemOf(end) };
  return {
    ok: true,
    manifest: end.stdout,
    ...readRendered(end.stdout, inputs),
    ...(refused && { aside: refused.because }),
  };
}

/** Kinds that `crds/` of the chart brings, and of those packed inside it: helm installs them before anything else, and only with the first release. */
export async function kindsInCrds(
  props: Pick<RenderProps, 'helm' | 'temporary' | 'now'>,
  inputs: HelmInputs,
): Promise<readonly string[]> {
  if (!mayHaveCrds(inputs.archive)) return [];
  const end = await run(props, inputs, {}, (path) => ['show', 'crds', path('chart.tgz')]);
  return end.code === 0 ? kindsBrought(end.stdout) : [];
}

function run(
  { helm, temporary, now }: Pick<RenderProps, 'helm' | 'temporary' | 'now'>,
  { archive, values }: HelmInputs,
  files: HelmCommand['files'],
  args: HelmCommand['args'],
): Promise<HelmEnd> {
  const end = new Date(now().getTime() + PATIENCE_MS);
  return runHelm({
    ...{ helm, temporary, args, now, hardEnd: () => end, maxStdout: MAX_RENDERED },
    files: { ...files, 'chart.tgz': archive, 'values.yaml': valuesFile(values) },
  });
}

const chartArgs = (
  { unchecked }: Pick<RenderProps, 'unchecked'>,
  { release, namespace }: HelmInputs,
  path: (file: string) => string,
) => [
  ...[release, path('chart.tgz'), '--namespace', namespace],
  ...['--values', path('values.yaml'), ...(unchecked === true ? ['--skip-schema-validation'] : [])],
];

function problemOf({ cutOff, stderr }: HelmEnd): HelmProblem {
  if (cutOff) return { code: 'out-of-time', because: 'rendering took too long' };
  return readHelmError(stderr);
}

function readDryRun(stdout: string, inputs: HelmInputs): RenderedRelease {
  const parsed = DryRun.safeParse(jsonIn(stdout));
  if (!parsed.success)
    return { ok: false, problem: { code: 'internal', because: 'helm did not say what it would apply' } };
  const { manifest, hooks } = parsed.data;
  const { objects } = readRendered(manifest, inputs);
  const found = (hooks ?? []).flatMap((hook) => readRendered(hook.manifest, inputs).hooks);
  return { ok: true, manifest, objects, hooks: found };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
