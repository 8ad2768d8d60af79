/** What the step asks for, with its files read and checked: after this, nothing that people wrote can be wrong any more. */
import * as z from 'zod';
import { regionOfEndpoint } from '../contracts/api/endpoint.ts';
import { Claimed, type RolloutBody } from '../contracts/api/rollout.ts';
import { Values } from '../contracts/api/values.ts';
import { Stages } from '../contracts/stage.ts';
import type { Inputs } from './inputs.ts';
import type { Ports } from './ports.ts';
import { readYaml } from './read-yaml.ts';
import { wrongInput } from './stopped.ts';
import { parseTargets } from './targets.ts';

type World = Pick<Ports, 'env' | 'readFile'>;

/** The body of the rollout, its values frozen from files and inputs. @throws Stopped */
export async function readRequest(world: World, inputs: Inputs): Promise<z.input<typeof RolloutBody>> {
  const { version, description } = inputs;
  const [values, targets, stages] = await Promise.all([
    readEither(world, inputs, 'values'),
    readEither(world, inputs, 'targets'),
    readFrom(world, inputs, 'stages-file'),
  ]);
  return {
    version,
    ...(description !== undefined && { description }),
    ...(values !== undefined && { values: readYaml(values.text, values.source, VALUES) }),
    ...(targets !== undefined && { targets: parseTargets(targets.text, targets.source) }),
    ...(stages !== undefined && { stages: readYaml(stages.text, stages.source, Stages) }),
    claimed: claimedIn(world.env),
  };
}

const VALUES = z.preprocess((value) => value ?? {}, Values);

const CLAIM_FILE = '.fairlead.yaml';

/** The file by which a repository claims its package; undefined without self-service, or when it is neither there nor asked for. */
export async function readClaimFile(world: World, inputs: Inputs): Promise<Written | undefined> {
  if (!inputs['self-service']) return undefined;
  if (inputs['claim-file'] !== undefined) return await readFrom(world, inputs, 'claim-file');
  const text = await world.readFile(CLAIM_FILE).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw wrongInput(`${CLAIM_FILE} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  return text === undefined ? undefined : { text, source: CLAIM_FILE };
}

/** The input's region, else the endpoint's, else the job's. @throws Stopped */
export function regionOf({ region, endpoint }: Inputs, env: Ports['env']): string {
  const found = region ?? regionOfEndpoint(endpoint) ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  if (found) return found;
  throw wrongInput(`input 'region': '${endpoint}' does not name its region: add 'region' to the step's 'with'`);
}

interface Written {
  readonly text: string;
  readonly source: string;
}

async function readEither(world: World, inputs: Inputs, name: 'values' | 'targets'): Promise<Written | undefined> {
  const text = inputs[name];
  return text === undefined ? await readFrom(world, inputs, `${name}-file`) : { text, source: name };
}

async function readFrom(
  { readFile }: World,
  inputs: Inputs,
  name: 'values-file' | 'targets-file' | 'stages-file' | 'claim-file',
): Promise<Written | undefined> {
  const path = inputs[name];
  if (path === undefined) return undefined;
  try {
    return { text: await readFile(path), source: `${name} (${path})` };
  } catch (error: unknown) {
    const because = error instanceof Error ? error.message : String(error);
    throw wrongInput(
      `input '${name}': '${path}' cannot be read: ${because}. Paths are relative to the workspace: is actions/checkout a step before this one?`,
    );
  }
}

/** What the job says of itself; it decides nothing. What is too long to be true is left out. */
function claimedIn(env: Ports['env']): z.output<typeof Claimed> {
  const said = {
    repository: env['GITHUB_REPOSITORY'],
    ref: env['GITHUB_REF'],
    sha: env['GITHUB_SHA'],
    runId: env['GITHUB_RUN_ID'],
    actor: env['GITHUB_ACTOR'],
  };
  const given = Object.fromEntries(Object.entries(said).filter(([, value]) => value));
  const found = Claimed.safeParse(given);
  return found.success ? found.data : {};
}
