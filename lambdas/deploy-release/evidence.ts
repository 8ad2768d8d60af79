/** Keeps what was wrong before anything is rolled back: all of it in the bucket, ten lines of it in the rollout's history. */
import type { EvidenceAnswer, EvidenceInput } from '../../contracts/deployer.ts';
import { Evidence } from '../../contracts/evidence.ts';
import { commit } from '../../domain/commit.ts';
import { lookingAs } from '../../domain/deployment/acting-as.ts';
import { smallFailure } from '../../domain/deployment/failure.ts';
import { tell } from '../../domain/deployment/tell.ts';
import { summarise } from '../../domain/evidence/summarise.ts';
import type { DeploymentItem } from '../../domain/items/deployment.ts';
import { keys } from '../../domain/keys.ts';
import type { Redact } from '../../domain/values/secrets/redactor.ts';
import type { Deps } from './deps.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { hushedFailure } from './hushed-answer.ts';
import { hushedFindings, mutedFindings } from './hushed-findings.ts';

type Needs = Pick<Deps, 'table' | 'patience' | 'reach' | 'evidence' | 'now' | 'log'>;

/** How this call may speak of what others wrote. */
export interface Secrecy {
  readonly redact: Redact;
  /** Has the secrets of the deployment known; or says why they cannot be. */
  readonly learn: () => Promise<string | undefined>;
}

/** The key is the try's own: what the first of two calls kept stays. */
export function keepEvidence(deps: Needs) {
  return async (input: EvidenceInput, deployment: DeploymentItem, secrecy: Secrecy): Promise<EvidenceAnswer> => {
    const { rolloutId, environment, attempt } = input;
    const { place } = deployment;
    const now = deps.now();
    const reached = await deps.reach(place.cluster, environment, lookingAs(deployment.actAs));
    if (!reached.reached) return { outcome: 'unreachable', because: reached.because };
    const found = await gatherEvidence(reached.cluster, deployment, now);
    if (!found.ok) return { outcome: 'unreachable', because: found.because };
    const unknown = await secrecy.learn();
    const findings =
      unknown === undefined ? hushedFindings(found.value, secrecy.redact) : mutedFindings(found.value, unknown);
    const { code, because, objects } = input.failure;
    const failure = hushedFailure(smallFailure(code, because, objects), secrecy.redact);
    const summary = summarise({ failure, ...findings });
    const { gaps: _, ...kept } = findings;
    const evidence = Evidence.parse({
      v: 1,
      rollout: rolloutId,
      package: deployment.package,
      environment,
      at: now.toISOString(),
      failure,
      summary,
      ...kept,
    });
    const key = `${rolloutId}/${environment}/${attempt}.json`;
    const written = await deps.evidence.putOnce(key, JSON.stringify(evidence, undefined, 2));
    await record(deps, input, key, summary);
    deps.log.info('evidence kept', { rolloutId, environment, attempt, key, written });
    return { outcome: 'kept', key };
  };
}

/** Points the deployment at its evidence and tells the history, once. */
async function record(deps: Needs, input: EvidenceInput, key: string, summary: readonly string[]): Promise<void> {
  const { rolloutId, environment, attempt } = input;
  const { table, patience } = deps;
  await commit(table, patience, async () => {
    const deployment = await table.get(keys.deployment(rolloutId, environment));
    const isOver = deployment === undefined || deployment.attempt !== attempt || deployment.evidence === key;
    if (isOver) return { writes: [], result: undefined };
    const { state } = deployment;
    const news = { at: deps.now(), kind: 'evidence-kept' as const, text: summary.join('\n'), state };
    return { writes: tell(deployment, { evidence: key }, [news]), result: undefined };
  });
}
