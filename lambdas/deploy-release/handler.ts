/** The deployer: one payload, one operation, one named outcome. */
import {
  type BuildAnswer,
  DeployerInput,
  type EvidenceAnswer,
  type ObserveAnswer,
  type RollBackAnswer,
} from '../../contracts/deployer.ts';
import { lookingAs } from '../../domain/deployment/acting-as.ts';
import { keys } from '../../domain/keys.ts';
import { apply } from './apply.ts';
import type { Call, Deps } from './deps.ts';
import { endDeadCall } from './end-dead-call.ts';
import { keepEvidence } from './evidence.ts';
import { blocked } from './failures.ts';
import { bounded } from './hard-end.ts';
import { observe } from './observe.ts';
import type { Work } from './operation.ts';
import { readAnswer } from './read-answer.ts';
import { rollBack } from './roll-back.ts';

export type Answer = BuildAnswer | ObserveAnswer | EvidenceAnswer | RollBackAnswer;

/** The table knows nothing of the deployment that the machine names: a bug, not an outcome. */
export class DeploymentUnknown extends Error {
  override readonly name = 'DeploymentUnknown';
}

/** @throws DeploymentUnknown, and whatever is a bug or the platform's trouble. */
export function deployRelease(deps: Deps) {
  return async (event: unknown, call: Call): Promise<Answer> => {
    const input = DeployerInput.parse(event);
    const { rolloutId, environment, attempt, operation } = input;
    const deployment = await deps.table.get(keys.deployment(rolloutId, environment));
    if (deployment === undefined) throw new DeploymentUnknown(`${rolloutId} has no deployment into ${environment}`);
    const number = 'call' in input ? input.call : undefined;
    const work: Work = { deployment, attempt, call: { ...bounded(call, deployment, deps.now()), number } };
    const answer = await answerTo(deps, input, work);
    const because = 'failure' in answer ? answer.failure.because : 'because' in answer ? answer.because : '';
    const { outcome } = answer;
    deps.log.info('deployer answered', { rolloutId, environment, attempt, operation, outcome, because });
    return answer;
  };
}

async function answerTo(deps: Deps, input: DeployerInput, work: Work): Promise<Answer> {
  if (input.operation === 'observe') return observe(deps)(input, work.deployment);
  if (input.operation === 'evidence') return keepEvidence(deps)(input, work.deployment);
  if (input.operation === 'answer') return readAnswer(deps)(input, work);
  await endDeadCall(deps, work, input.broken);
  const { place, actAs } = work.deployment;
  const reached = await deps.reach(place.cluster, input.environment, lookingAs(actAs));
  if (!reached.reached && reached.never && input.operation === 'apply') return blocked('unreachable', reached.because);
  if (!reached.reached) return { outcome: 'unreachable', because: reached.because };
  if (input.operation === 'apply') return apply(deps)(input, work, reached.cluster);
  return rollBack(deps)(input, work, reached.cluster);
}
