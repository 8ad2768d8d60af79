/** What the demo shows, in order, and what has to come of it. Every step is a command that a user could type. */
import * as z from 'zod';
import type { CommandLine } from './command-line.ts';

export interface Stage {
  /** Says a line to the person who watches. */
  readonly say: (line: string) => void;
  /** The command line, signed by the source role of a repository, by its GitHub token. */
  readonly workflow: (repository: string) => Promise<CommandLine>;
  /** The command line, signed by the operator. */
  readonly operator: CommandLine;
  /** Path of `examples/stages.yaml`. */
  readonly stages: string;
  /** Ends the story before its next step. */
  readonly interrupted: AbortSignal;
}

interface Step {
  readonly pkg: string;
  readonly version: string;
  readonly tells: string;
  /** State of each environment's deployment at the end. */
  readonly ends: Readonly<Record<string, string>>;
  readonly exit: number;
}

const EVERYWHERE = { dev: 'succeeded', staging: 'succeeded', 'prod-eu': 'succeeded', 'prod-us': 'succeeded' };
const STEPS: readonly Step[] = [
  { pkg: 'webui', version: '1.0.0', tells: 'a first version, stage by stage', ends: EVERYWHERE, exit: 0 },
  { pkg: 'worker', version: '1.0.0', tells: 'another package, from another repository', ends: EVERYWHERE, exit: 0 },
  { pkg: 'webui', version: '1.1.0', tells: 'an upgrade of what runs', ends: EVERYWHERE, exit: 0 },
  {
    pkg: 'webui',
    version: '1.2.0',
    tells: "a version that dies without a database, and staging's values name one that is not there",
    ends: { dev: 'succeeded', staging: 'rolled-back', 'prod-eu': 'pending', 'prod-us': 'pending' },
    exit: 1,
  },
];

/** What became of it all. */
export interface Told {
  readonly succeeded: number;
  readonly rolledBack: number;
  /** What did not go as it should; empty when all did. */
  readonly wrong: readonly string[];
}

const Ended = z.object({
  state: z.string(),
  deployments: z.array(z.object({ environment: z.string(), state: z.string() })),
});

/** Rolls everything out and looks at what came of it. @throws the signal's reason when it is interrupted */
export async function tell(stage: Stage): Promise<Told> {
  const all: Told[] = [];
  for (const step of STEPS) all.push(await show(stage, step));
  await look(stage, ['evidence', 'webui', 'latest', 'staging']);
  await look(stage, ['status']);
  return {
    succeeded: all.reduce((sum, { succeeded }) => sum + succeeded, 0),
    rolledBack: all.reduce((sum, { rolledBack }) => sum + rolledBack, 0),
    wrong: all.flatMap(({ wrong }) => wrong),
  };
}

async function show(
  { say, workflow, stages, interrupted }: Stage,
  { pkg, version, tells, ends, exit }: Step,
): Promise<Told> {
  const argv = ['rollout', pkg, '--version', version, '--stages', stages];
  say('');
  say(`$ fairlead ${argv.join(' ')}   # ${tells}; as acme/${pkg} by its GitHub token`);
  const run = await workflow(`acme/${pkg}`);
  const { code, out, err } = await run([...argv, '--json']);
  interrupted.throwIfAborted();
  const parsed = Ended.safeParse(jsonOf(out));
  if (!parsed.success) return { succeeded: 0, rolledBack: 0, wrong: [`${pkg} ${version} did not start: ${err}`] };
  const states = Object.fromEntries(parsed.data.deployments.map(({ environment, state }) => [environment, state]));
  say(`${pkg} ${version}: ${parsed.data.state}, exit code ${code}`);
  const count = (state: string) => Object.values(states).filter((found) => found === state).length;
  const differs = Object.entries(ends).filter(([environment, state]) => states[environment] !== state);
  return {
    succeeded: count('succeeded'),
    rolledBack: count('rolled-back'),
    wrong: [
      ...differs.map(
        ([environment, state]) => `${pkg} ${version} in ${environment} is ${states[environment]}, not ${state}`,
      ),
      ...(code === exit ? [] : [`${pkg} ${version} ended with exit code ${code}, not ${exit}`]),
    ],
  };
}

async function look({ say, operator, interrupted }: Stage, argv: readonly string[]): Promise<void> {
  say('');
  say(`$ fairlead ${argv.join(' ')}`);
  const { out, err, code } = await operator(argv);
  interrupted.throwIfAborted();
  say(code === 0 ? out : err);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
