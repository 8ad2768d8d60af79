/** Says how a rollout ended: outputs, annotations and the job's summary. */
import { exitOfRollout } from '../contracts/outcome-table.ts';
import { OUTCOME_CODES, type OutcomeCode } from '../domain/outcome.ts';
import type { Rollout } from './answers.ts';
import type { Api } from './api.ts';
import { logLine, plain } from './harmless.ts';
import type { Ports } from './ports.ts';
import { type EvidenceLines, isBad, summaryOf } from './summary.ts';

/** Evidence beyond these is a click away. */
const MOST_EVIDENCE = 10;
/** GitHub shows ten annotations of a step. https://docs.github.com/en/rest/checks/runs */
const MOST_ANNOTATIONS = 9;

export interface Report {
  readonly rollout: Rollout;
  /** What the Action has to say beside. */
  readonly note?: string;
}

/** Tells everything about `rollout` as it is now. */
export async function report(
  { runner }: Pick<Ports, 'runner'>,
  api: Pick<Api, 'evidence'>,
  { rollout, note }: Report,
): Promise<void> {
  runner.setOutput('rollout', rollout.id);
  runner.setOutput('state', rollout.state);
  runner.setOutput('url', rollout.console ?? '');
  const bad = rollout.deployments.filter(isBad);
  for (const { environment, state, outcome } of bad.slice(0, MOST_ANNOTATIONS)) {
    runner.error(plain(outcome?.because ?? state), plain(`${rollout.package} in ${environment}: ${state}`));
  }
  const evidence = await evidenceOf(runner, api, rollout);
  await runner.summary(summaryOf(rollout, { evidence, ...(note !== undefined && { note }) }));
  const because = rollout.outcome === undefined ? '' : `: ${rollout.outcome.because}`;
  runner.info(logLine(`${rollout.package} ${rollout.version} ${rollout.state}${because}`));
  if (rollout.console !== undefined) runner.info(logLine(rollout.console));
}

/** What was kept; a summary without it is better than none. */
async function evidenceOf(
  runner: Ports['runner'],
  api: Pick<Api, 'evidence'>,
  rollout: Rollout,
): Promise<EvidenceLines> {
  const kept = rollout.deployments.filter(({ evidence }) => evidence).slice(0, MOST_EVIDENCE);
  const found = await Promise.all(
    kept.map(async ({ environment }): Promise<[string, readonly string[]]> => {
      try {
        return [environment, (await api.evidence(rollout.id, environment)).summary];
      } catch (error: unknown) {
        const because = error instanceof Error ? error.message : String(error);
        runner.info(logLine(`the evidence of ${environment} could not be read: ${because}`));
        return [environment, []];
      }
    }),
  );
  return new Map(found);
}

/** The exit code, by the one table; a word that this version does not know counts by the rollout's state. */
export function exitOf({ state, outcome, deployments }: Rollout): number {
  const known = (given: Rollout['outcome']) => {
    const code = OUTCOME_CODES.find((one): one is OutcomeCode => one === given?.code);
    return code === undefined ? undefined : { code };
  };
  return exitOfRollout({
    state,
    outcome: known(outcome),
    deployments: deployments.map((deployment) => ({ outcome: known(deployment.outcome) })),
  });
}
