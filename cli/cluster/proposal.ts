/** Something about to be written into a cluster: shown, asked about, written, and looked at again when somebody else was faster. */
import type { Call } from '../command.ts';
import { Failed, WrongInvocation } from '../failure.ts';
import { given } from '../flags.ts';
import { painter } from '../paint.ts';
import type { Ports } from '../ports.ts';
import type { Written } from './cluster-admin.ts';

export type Proposal =
  | { readonly outcome: 'right' | 'refused' | 'denied'; readonly because: string }
  | {
      readonly outcome: 'changed';
      readonly because: string;
      /** As `diff -u` shows it. */
      readonly diff: readonly string[];
      /** What else whoever is asked should know. */
      readonly notes: readonly string[];
      readonly backUp?: () => Promise<string | undefined>;
      readonly write: () => Promise<Written>;
    };

/** What came of it. `would-write` is a dry run's. */
export type Carried =
  | {
      readonly outcome: 'written' | 'would-write';
      readonly because: string;
      readonly diff: readonly string[];
      readonly backup?: string;
    }
  | { readonly outcome: 'right' | 'denied'; readonly because: string };

const EXIT_REFUSED = 2;
const EXIT_ABORTED = 3;
/** More than chance; who loses so often has a machine against them. */
const MOST_TRIES = 5;

/**
 * Shows what `look` proposes and writes it, after `--yes` or a yes. Whoever said yes to one diff is asked again about another.
 * @throws Failed when it is refused, the answer is no, or others write all the time; WrongInvocation when there is nobody to ask.
 */
export async function carryOut(call: Call, ports: Ports, look: () => Promise<Proposal>): Promise<Carried> {
  let agreed: string | undefined;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const proposal = await look();
    if (proposal.outcome === 'refused') throw new Failed(proposal.because, EXIT_REFUSED);
    if (proposal.outcome !== 'changed') return { outcome: proposal.outcome, because: proposal.because };
    const { because, diff } = proposal;
    const isNew = diff.join('\n') !== agreed;
    if (isNew) show(ports, proposal);
    if (given(call.flags, 'dry-run')) return { outcome: 'would-write', because, diff };
    if (isNew) await askFor(call, ports, 'Write this?');
    agreed = diff.join('\n');
    const carried = await write(ports, proposal);
    if (carried !== undefined) return carried;
    ports.terminal.err('somebody else has changed it meanwhile: looking again');
  }
  throw new Failed(
    `somebody else changed it ${MOST_TRIES} times meanwhile: find out who, then try again`,
    EXIT_REFUSED,
  );
}

type Changed = Extract<Proposal, { outcome: 'changed' }>;

/** Undefined when somebody else was faster. */
async function write({ terminal }: Ports, proposal: Changed): Promise<Carried | undefined> {
  const { because, diff, backUp } = proposal;
  const backup = await backUp?.();
  if (backup !== undefined) terminal.err(`the old one is kept in ${backup}`);
  const written = await proposal.write();
  if (written.written) return { outcome: 'written', because, diff, ...(backup !== undefined && { backup }) };
  return written.raced ? undefined : { outcome: 'denied', because: written.because };
}

/** Goes on after `--yes` or a yes. */
export async function askFor({ flags }: Call, { ask }: Ports, question: string): Promise<void> {
  if (given(flags, 'yes')) return;
  const answer = await ask(`${question} [y/N] `);
  if (answer === undefined) {
    throw new WrongInvocation('there is no terminal to ask on: give --yes to write this, or --dry-run to only look');
  }
  if (!answer) throw new Failed('nothing was changed: nobody said yes', EXIT_ABORTED);
}

function show({ terminal }: Ports, { diff, notes }: Changed): void {
  const paint = painter(terminal.colour);
  for (const line of diff) {
    if (line.startsWith('+')) terminal.err(paint('green', line));
    else terminal.err(line.startsWith('-') ? paint('red', line) : line);
  }
  for (const note of notes) terminal.err(paint('yellow', `note: ${note}`));
}
