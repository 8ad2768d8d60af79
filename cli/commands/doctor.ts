import { ChartVersion } from '../../contracts/name.ts';
import { type Finding, hasFailed } from '../../domain/doctor/finding.ts';
import { type Call, type Command, DESTINATION_FLAGS } from '../command.ts';
import { answer } from '../connect.ts';
import { examine } from '../doctor/examine.ts';
import type { TrustAsked } from '../doctor/examine-trust.ts';
import type { DoctorPorts } from '../doctor/ports.ts';
import { renderScreen } from '../doctor/render-screen.ts';
import { renderSummary } from '../doctor/render-summary.ts';
import type { CheckRun } from '../doctor/run-checks.ts';
import { WrongInvocation } from '../failure.ts';
import { checkedName, destinationOf, roleOf, text, texts } from '../flags.ts';
import { painter } from '../paint.ts';
import type { Ports } from '../ports.ts';

/** Inspections are the longest: the API holds them for 25 s, and a call that is lost is tried again once. */
const LONGEST_CHECK_MILLISECONDS = 60_000;
/** Deployers of an account share its concurrent executions with rollouts. */
const AT_ONCE = 4;

export const doctor: Command = {
  name: 'doctor',
  summary: 'Look at everything that a rollout needs, and say what is wrong and how to mend it',
  usage: '[--package P [--version V]]… [--environment E]… [--role ARN|--source NAME] [--claims FILE] [--config FILE]',
  flags: {
    package: {
      type: 'string',
      multiple: true,
      value: 'P',
      says: 'look at this package; default: those the caller may list',
    },
    version: { type: 'string', value: 'V', says: "look at this version of the package's chart; default: the newest" },
    environment: {
      type: 'string',
      multiple: true,
      value: 'E',
      says: 'look at this environment; default: the first 10',
    },
    role: { type: 'string', value: 'ARN', says: "the role that GitHub's token should open; default: the caller's own" },
    source: { type: 'string', value: 'NAME', says: 'the same, by its name in fairlead.yaml' },
    claims: {
      type: 'string',
      value: 'FILE',
      says: "claims of GitHub's token as JSON ('-': from stdin), to judge outside of the workflow",
    },
    config: {
      type: 'string',
      value: 'FILE',
      says: 'fairlead.yaml of the installation; default: ./fairlead.yaml, if there is one',
    },
    ...DESTINATION_FLAGS,
  },
  examples: [
    'fairlead doctor',
    'fairlead doctor --package webui --environment prod-eu --json',
    'fairlead doctor --source webui --claims claims.json',
  ],
  takes: [0, 0],

  async run(call, ports) {
    const [packages, environments] = [names(call, 'package'), names(call, 'environment')];
    const version = versionOf(call, packages);
    const trust = await trustOf(call, ports);
    const doctor = await ports.doctor(destinationOf(call));
    if (trust.claims === undefined && (trust.role ?? trust.source) !== undefined && doctor.workflow === undefined) {
      throw new WrongInvocation(
        '--role and --source need a token to judge: give --claims FILE, or run it in the workflow',
      );
    }
    ports.terminal.err(`fairlead: ${doctor.endpoint} (${doctor.because})`);
    const configured = await doctor.configured(text(call.flags, 'config'));
    const run = checkRun(ports);
    const findings = await examine(doctor, { packages, environments, version, trust, configured, now: ports.now, run });
    ports.terminal.done();
    await tell(call, ports, doctor, findings);
    return hasFailed(findings) ? 1 : 0;
  },
};

function versionOf({ flags }: Call, packages: readonly string[]): string | undefined {
  const version = text(flags, 'version');
  if (version === undefined) return undefined;
  if (packages.length !== 1) throw new WrongInvocation('--version is of one package: give one --package with it');
  if (ChartVersion.safeParse(version).success) return version;
  throw new WrongInvocation(`--version '${version}' is no chart version: it looks like 1.4.2`);
}

const names = ({ flags }: Call, what: string) => texts(flags, what).map((name) => checkedName(name, what));

async function trustOf({ flags }: Call, { readFile }: Ports): Promise<TrustAsked> {
  const [role, source, file] = [roleOf(flags), text(flags, 'source'), text(flags, 'claims')];
  if (role !== undefined && source !== undefined)
    throw new WrongInvocation('--role and --source name different roles: give one');
  if (source !== undefined) checkedName(source, 'source');
  return { role, source, claims: file === undefined ? undefined : await claimsIn(file, readFile) };
}

async function claimsIn(file: string, readFile: Ports['readFile']): Promise<string> {
  try {
    return await readFile(file);
  } catch (error: unknown) {
    throw new WrongInvocation(
      `--claims '${file}' cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function checkRun({ terminal, interrupted }: Ports): CheckRun {
  return {
    atOnce: AT_ONCE,
    timeoutMilliseconds: LONGEST_CHECK_MILLISECONDS,
    interrupted,
    progress: (done, all, now) => {
      if (terminal.live) terminal.draw(`looked at ${now} (${done} of ${all})`);
      else if (done === all)
        terminal.err(`fairlead: ${all} ${all === 1 ? 'check' : 'checks'} done, the last one of ${now}`);
    },
  };
}

/** On stdout, and in a workflow in the job's summary. */
async function tell(
  call: Call,
  ports: Ports,
  { workflow, endpoint }: DoctorPorts,
  findings: readonly Finding[],
): Promise<void> {
  const { terminal } = ports;
  answer(call, ports, { ok: !hasFailed(findings), endpoint, findings }, () =>
    renderScreen(painter(terminal.colour), findings),
  );
  if (workflow?.summarise === undefined) return;
  try {
    await workflow.summarise(renderSummary(findings));
  } catch (error: unknown) {
    terminal.err(
      `warning: the job's summary was not written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
