/** Packs a chart's folder and pushes it to where its package expects it, with helm. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { NotDone } from '../../contracts/not-done.ts';
import { runProgram } from '../run-program.ts';

export interface Registry {
  readonly plainHttp: boolean;
  /** Who logs in, when the registry wants a login. */
  readonly login?: { readonly username: string; readonly password: string } | undefined;
}

export interface PushChartProps {
  readonly helm: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Makes the repository ready (ECR wants it to exist) and says how to reach it. */
  readonly registryOf: (host: string, repository: string) => Promise<Registry>;
}

const ChartYaml = z.object({ name: z.string(), version: z.string() });
const TIMEOUT = 120_000;

/** `(folder, oci://host/path/name)` → version and manifest digest. @throws in helm's words, or naming what does not fit. */
export function pushChart({ helm, env, registryOf }: PushChartProps) {
  return async (folder: string, chart: string, wanted?: string): Promise<{ version: string; digest: string }> => {
    if (!chart.startsWith('oci://')) {
      throw new NotDone(
        `${chart} is no OCI registry: pack the chart with 'helm package ${folder}' and upload it there`,
      );
    }
    const [host = '', ...path] = chart.replace(/^oci:\/\//, '').split('/');
    const name = path.at(-1) ?? '';
    const { name: found, version: written } = await chartYaml(folder);
    const version = wanted ?? written;
    if (found !== name) {
      throw new NotDone(
        `the chart in ${folder} is called '${found}', but its place ${chart} ends in '${name}': rename one of them`,
      );
    }
    const { plainHttp, login } = await registryOf(host, path.join('/'));
    const work = await mkdtemp(join(tmpdir(), 'fairlead-push-'));
    try {
      const config = ['--registry-config', join(work, 'registry.json')];
      const run = (args: string[], input?: string) =>
        runProgram({ command: helm, args, env, timeoutMilliseconds: TIMEOUT, ...(input !== undefined && { input }) });
      await run(['package', folder, '--destination', work, '--dependency-update', '--version', version]);
      const [archive = ''] = (await readdir(work)).filter((file) => file.endsWith('.tgz'));
      if (login !== undefined) {
        await run(
          ['registry', 'login', host, '--username', login.username, '--password-stdin', ...config],
          login.password,
        );
      }
      const parent = `oci://${[host, ...path.slice(0, -1)].join('/')}`;
      const said = await run(['push', join(work, archive), parent, ...config, ...(plainHttp ? ['--plain-http'] : [])]);
      const [, digest] = /Digest:\s*(sha256:[0-9a-f]{64})/.exec(`${said.stdout}\n${said.stderr}`) ?? [];
      if (digest === undefined)
        throw new NotDone(`helm pushed ${name} ${version} to ${parent} but did not say its digest`);
      return { version, digest };
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  };
}

async function chartYaml(folder: string): Promise<{ name: string; version: string }> {
  const file = join(folder, 'Chart.yaml');
  const text = await readFile(file, 'utf8').catch(() => {
    throw new NotDone(`${folder} is no chart: it has no Chart.yaml`);
  });
  const parsed = ChartYaml.safeParse(yamlIn(text, file));
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path }) => path.join('.') || 'everything').join(' and ');
  throw new NotDone(`${file} is no chart's: ${wrong} is missing or no text (a version such as 1.10 needs quotes)`);
}

function yamlIn(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error: unknown) {
    const words = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new NotDone(`${file} is not YAML: ${words}`, { cause: error });
  }
}
