/** What the bench rolls out, and where to: a package with a chart that starts no pods, and its environments in one cluster. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommandLine, mustRun } from '../demo/command-line.ts';
import type { RunningStack } from '../stack/stack-state.ts';
import { atOnce } from './at-once.ts';

export const PACKAGE = 'bench';
export const VERSION = '1.0.0';

export interface Scene {
  /** Folder of the chart. */
  readonly chart: string;
  /** Environments' names, each a namespace of its own. */
  readonly environments: readonly string[];
}

/**
 * helm's own work is what both sides of a comparison have in common, so the chart has no pods, which would have to become ready: a ConfigMap, a Service and a
 * ServiceAccount, the ConfigMap with a value that makes every rollout a change.
 */
const CHART: Readonly<Record<string, string>> = {
  'Chart.yaml': `apiVersion: v2\nname: ${PACKAGE}\nversion: ${VERSION}\n`,
  'values.yaml': 'marker: none\n',
  'templates/objects.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: {{ .Release.Name }} }
data: { marker: {{ .Values.marker | quote }} }
---
apiVersion: v1
kind: Service
metadata: { name: {{ .Release.Name }} }
spec: { selector: { app: {{ .Release.Name }} }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: {{ .Release.Name }} }
`,
};

/** Label by which a stage finds its environments: `s1`, `s2` … */
export const STAGE_LABEL = 'stage';

/** Registers package, environments and access, as an operator would, and pushes the chart. */
export async function setScene(stack: RunningStack, run: CommandLine, count: number): Promise<Scene> {
  const chart = join(stack.folder, 'bench', PACKAGE);
  await mkdir(join(chart, 'templates'), { recursive: true });
  for (const [name, text] of Object.entries(CHART)) await writeFile(join(chart, name), text);
  const environments = Array.from({ length: count }, (_, n) => `bench-${String(n + 1).padStart(2, '0')}`);
  for (const name of environments) await register(stack, run, name, { only: name });
  await mustRun(run, 'package', 'put', PACKAGE, '--namespace', PACKAGE);
  await mustRun(run, 'package', 'push', PACKAGE, chart);
  await mustRun(run, 'cluster', 'grant', '--all', '--namespace', PACKAGE);
  return { chart, environments };
}

/** Adds stages of `count` environments each, every one a namespace of its own. */
export async function addStages(stack: RunningStack, run: CommandLine, stages: number, count: number): Promise<void> {
  const names = Array.from({ length: stages * count }, (_, n) => ({
    name: `wide-${String(n + 1).padStart(4, '0')}`,
    stage: `s${Math.floor(n / count) + 1}`,
  }));
  await atOnce(names, REGISTERED_AT_ONCE, async ({ name, stage }) => {
    await register(stack, run, name, { [STAGE_LABEL]: stage });
  });
  await mustRun(run, 'cluster', 'grant', '--all', '--namespace', PACKAGE);
}

/** Changes of the registry go one by one; more at once only contend. */
const REGISTERED_AT_ONCE = 2;

async function register(stack: RunningStack, run: CommandLine, name: string, labels: Labels): Promise<void> {
  const file = join(stack.folder, 'bench', `${name}.json`);
  await writeFile(file, JSON.stringify(environment(stack, name, labels)));
  await mustRun(run, 'environment', 'put', name, '-f', file);
}

type Labels = Readonly<Record<string, string>>;

function environment({ clusters: [cluster] }: RunningStack, name: string, labels: Labels) {
  if (cluster === undefined) throw new Error('the local stack has no cluster');
  const { name: cluster_, server: endpoint, caData: ca } = cluster;
  return { cluster: { name: cluster_, endpoint, ca }, namespaceSuffix: name, labels };
}
