/** A story's own package and environments on the running stack, so that stories share nothing but the stack. */
import { randomInt } from 'node:crypto';
import * as z from 'zod';
import type { RolloutView } from '../../contracts/api/rollout.ts';
import { isOpen } from '../../domain/states.ts';
import { mustRun } from '../../local/demo/command-line.ts';
import { waitUntil } from '../../local/process/wait-until.ts';
import type { E2eWorld } from './e2e-world.ts';

export interface Story {
  /** The package and its release. */
  readonly name: string;
  /** Full names of its environments, in the order given. */
  readonly environments: readonly string[];
  /** Where the release of an environment stands. */
  namespace(environment: string): string;
  /** Packs and pushes a chart; the manifest's digest. `files` stand beside its `Chart.yaml`. */
  push(
    version: string,
    templates: Readonly<Record<string, string>>,
    values?: unknown,
    files?: Readonly<Record<string, unknown>>,
  ): Promise<string>;
  /** Starts a rollout and returns at once: its id. */
  start(version: string, ...flags: readonly string[]): Promise<string>;
  /** Runs `rollout` until its end: exit code, and what `--json` printed. */
  roll(version: string, ...flags: readonly string[]): Promise<{ code: number; ended: RolloutView }>;
  /** The rollout, once it is over. */
  over(id: string): Promise<RolloutView>;
  /** The rollout, once `what` is true of it. */
  until(id: string, what: (rollout: RolloutView) => boolean): Promise<RolloutView>;
  /** helm's history of the release, oldest first; empty when there is none. */
  history(environment: string): Promise<readonly { revision: number; status: string }[]>;
}

export interface StoryOptions {
  /** Short names; the environment is `{package}-{short name}`, labelled `story` (the package) and `env` (the short name). */
  readonly environments: readonly string[];
  /** Of the package entry: `timeoutMinutes`, `stages`. */
  readonly entry?: Readonly<Record<string, unknown>>;
  /** By short name: what differs from the stack's first cluster. */
  readonly clusters?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** By short name: `kind`, `tenant` and whatever else an entry has. */
  readonly more?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** By short name: the deployer that the environment asks for. */
  readonly deployers?: Readonly<Record<string, string>>;
}

/** Of every package; the environments' suffixes tell the namespaces apart. */
const NAMESPACE = 'e2e';
const History = z.array(z.object({ revision: z.int(), status: z.string() }));

/** Names differ from run to run, so that a story can be told again on the same stack. Registers it all, and grants the namespaces of environments in the stack's own cluster. */
export async function aStory(world: E2eWorld, about: string, options: StoryOptions): Promise<Story> {
  const name = `${about}-${randomInt(36 ** 4)
    .toString(36)
    .padStart(4, '0')}`;
  const { environments, entry = {}, clusters = {}, deployers = {}, more = {} } = options;
  const [cluster] = world.stack.clusters;
  const ours = { name: cluster?.name, endpoint: cluster?.server, ca: cluster?.caData };
  const fairlead = (...argv: readonly string[]) => mustRun(world.operator, ...argv);
  const fullName = (short: string) => `${name}-${short}`;
  await Promise.all(
    environments.map(async (short) => {
      const body = {
        cluster: { ...ours, ...clusters[short] },
        labels: { story: name, env: short },
        namespaceSuffix: fullName(short),
        ...(deployers[short] !== undefined && { deployer: deployers[short] }),
        ...more[short],
      };
      await fairlead('environment', 'put', fullName(short), '-f', await world.file(`${name}/${short}.yaml`, body));
      if (clusters[short] === undefined) {
        await fairlead('cluster', 'grant', '--environment', fullName(short), '--namespace', NAMESPACE);
      }
    }),
  );
  const targets = [{ story: name }];
  const body = { namespace: NAMESPACE, stages: [{ name: 'all', targets }], ...entry };
  await fairlead('package', 'put', name, '-f', await world.file(`${name}/package.yaml`, body));
  return { name, environments: environments.map(fullName), ...deeds(world, name) };
}

function deeds(world: E2eWorld, name: string): Omit<Story, 'name' | 'environments'> {
  const namespace = (environment: string) => `${NAMESPACE}-${environment}`;
  return {
    namespace,
    async push(version, templates, values = {}, files = {}) {
      const folder = `${name}/charts/${version}-${Object.keys(templates).length}`;
      const chart = { apiVersion: 'v2', name, version };
      const path = await world.file(`${folder}/Chart.yaml`, chart);
      await world.file(`${folder}/values.yaml`, values);
      for (const [file, content] of Object.entries(files)) await world.file(`${folder}/${file}`, content);
      for (const [file, text] of Object.entries(templates)) await world.file(`${folder}/templates/${file}`, text);
      const pushed = await world.json('package', 'push', name, path.slice(0, -'/Chart.yaml'.length));
      return z.object({ digest: z.string() }).parse(pushed).digest;
    },
    async start(version, ...flags) {
      const started = await world.json('rollout', name, '--version', version, '--no-wait', ...flags);
      return z.object({ id: z.string() }).parse(started).id;
    },
    async roll(version, ...flags) {
      const { code, out, err } = await world.operator(['rollout', name, '--version', version, '--json', ...flags]);
      if (out === '') throw new Error(`rollout of ${name} ${version} ended ${code}: ${err}`);
      return { code, ended: JSON.parse(out) };
    },
    over: (id) => seen(world, name, id, ({ state }) => !isOpen(state)),
    until: (id, what) => seen(world, name, id, what),
    async history(environment) {
      const asked = world.helm('history', name, '-n', namespace(environment), '-o', 'json');
      const found = await asked.catch((error: unknown) => {
        if (String(error).includes('release: not found')) return '[]';
        throw error;
      });
      return History.parse(JSON.parse(found));
    },
  };
}

/** Asks the API again until it is so. */
async function seen(
  world: E2eWorld,
  pkg: string,
  id: string,
  what: (rollout: RolloutView) => boolean,
): Promise<RolloutView> {
  const look = async () => {
    const rollout = await world.rollout(pkg, id);
    return what(rollout) ? rollout : undefined;
  };
  const words = `rollout ${id} of ${pkg} to come to what the story tells`;
  return await waitUntil(look, { what: words, deadlineMs: 150_000, everyMs: 150 });
}
