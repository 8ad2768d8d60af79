import { Evidence } from '../../../contracts/evidence.ts';
import { keys } from '../../../domain/keys.ts';
import type { Answer, Call } from '../call.ts';
import type { Deps } from '../deps.ts';
import { Refused } from '../refused.ts';
import { rolloutOf } from '../rollout-of.ts';

/** GET …/{rollout}/deployments/{environment}/evidence */
export async function getEvidence(deps: Deps, call: Call): Promise<Answer> {
  const { environment } = call;
  const rollout = await rolloutOf(deps, call);
  const deployment = await deps.table.get(keys.deployment(rollout.id, environment));
  if (deployment === undefined)
    throw new Refused('not-found', `rollout ${rollout.id} does not deploy to ${environment}`);
  const { evidence: key, state } = deployment;
  if (key === undefined) {
    throw new Refused('not-found', `no evidence was kept for ${environment}: its deployment is ${state}`);
  }
  const bytes = await deps.evidence.get(key);
  if (bytes === undefined) {
    throw new Refused('not-found', `the evidence for ${environment} is gone: it is kept for a limited time`);
  }
  return { status: 200, body: Evidence.parse(JSON.parse(new TextDecoder().decode(bytes))) };
}
