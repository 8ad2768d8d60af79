/** Registers `examples/` with the command line, as an operator would: environments, packages, grants, values, charts. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse, stringify } from 'yaml';
import * as z from 'zod';
import { PackageBody } from '../../contracts/api/package.ts';
import type { Progress } from '../progress.ts';
import { during } from '../stack/during.ts';
import type { RunningStack } from '../stack/stack-state.ts';
import { type CommandLine, mustRun } from './command-line.ts';

export interface RegisterExamples {
  /** Folder of package.json. */
  readonly root: string;
  readonly stack: RunningStack;
  readonly progress: Progress;
  /** The command line, signed by an operator. */
  readonly run: CommandLine;
  /** Whether to let the deployer into the packages' namespaces, which installs something in the clusters. @default true */
  readonly grants?: boolean;
}

/** Versions of the examples' charts. webui 1.2.0 needs a database, and staging's values name one that is not there. */
const VERSIONS: Readonly<Record<string, readonly string[]>> = { webui: ['1.0.0', '1.1.0', '1.2.0'], worker: ['1.0.0'] };

/** Does it all; what is there already is written again and stays as it is. @throws in the words of the command that failed. */
export async function registerExamples({ root, stack, progress, run, grants = true }: RegisterExamples): Promise<void> {
  const examples = join(root, 'examples');
  await during(progress, 'The examples', async (step) => {
    step.update('environments and packages');
    const environments = await environmentFiles(examples, stack);
    await Promise.all(environments.map(([name, file]) => mustRun(run, 'environment', 'put', name, '-f', file)));
    const packages = await yamlFiles(join(examples, 'packages'));
    // One after the other: a package is checked against all others.
    for (const [name, file] of packages) await mustRun(run, 'package', 'put', name, '-f', file);
    step.update(grants ? 'values, charts and access to the namespaces' : 'values and charts');
    const places = grants ? environments.map(([name]) => name) : [];
    await Promise.all(packages.map(([name, file]) => registerPackage({ run, examples, places, name, file })));
    step.done(`${packages.length} packages in ${environments.length} environments`);
  });
}

interface RegisterPackage {
  readonly run: CommandLine;
  readonly examples: string;
  /** The examples' environments whose namespaces are granted: there may be others, in clusters that are none of ours. */
  readonly places: readonly string[];
  readonly name: string;
  readonly file: string;
}

async function registerPackage({ run, examples, places, name, file }: RegisterPackage): Promise<void> {
  const { namespace } = PackageBody.parse(parse(await readFile(file, 'utf8')));
  await Promise.all([
    ...places.map((place) => mustRun(run, 'cluster', 'grant', '--environment', place, '--namespace', namespace)),
    ...(await yamlFiles(join(examples, 'values', name))).map(([layer, path]) =>
      mustRun(run, 'values', 'put', name, ...layerFlags(layer), '-f', path),
    ),
    pushVersions(run, examples, name),
  ]);
}

async function pushVersions(run: CommandLine, examples: string, name: string): Promise<void> {
  const folder = join(examples, 'charts', name);
  for (const version of VERSIONS[name] ?? []) await mustRun(run, 'package', 'push', name, folder, '--version', version);
}

/** `values`, `label.ring.prod`, `environment.staging` as the flags of `values put`. */
function layerFlags(layer: string): readonly string[] {
  const [kind, first = '', second = ''] = layer.split('.');
  if (kind === 'label') return ['--label', `${first}=${second}`];
  return kind === 'environment' ? ['--environment', first] : [];
}

/** The examples' environments with the address of the stack's own clusters, over which they are spread. */
async function environmentFiles(examples: string, stack: RunningStack): Promise<[string, string][]> {
  const folder = join(stack.folder, 'environments');
  await mkdir(folder, { recursive: true });
  const files = await yamlFiles(join(examples, 'environments'));
  return await Promise.all(
    files.map(async ([name, file], index): Promise<[string, string]> => {
      const body = z.record(z.string(), z.unknown()).parse(parse(await readFile(file, 'utf8')));
      const written = join(folder, `${name}.yaml`);
      await writeFile(written, stringify({ ...body, cluster: clusterOf(stack, index) }));
      return [name, written];
    }),
  );
}

function clusterOf({ clusters }: RunningStack, index: number) {
  const cluster = clusters[index % clusters.length];
  if (cluster === undefined) throw new Error('the local stack has no cluster');
  return { name: cluster.name, endpoint: cluster.server, ca: cluster.caData };
}

/** `[name without ending, path]` of a folder's YAML files, in order. */
async function yamlFiles(folder: string): Promise<[string, string][]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml')).sort();
  return files.map((file) => [basename(file, '.yaml'), join(folder, file)]);
}
