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
import { keepEvidence, type Secrecy } from './evidence.ts';
import { blocked } from './failures.ts';
import { bounded } from './hard-end.ts';
import { type Hush, hushedCall } from './hush.ts';
import { hushedAnswer, notShown } from './hushed-answer.ts';
import { goodBefore, knownSecrets, type LearnSecrets } from './known-secrets.ts';
import { observe } from './observe.ts';
import type { Work } from './operation.ts';
import { readAnswer } from './read-answer.ts';
import { rollBack } from './roll-back.ts';

export type Answer = BuildAnswer | ObserveAnswer | EvidenceAnswer | RollBackAnswer;

/** The table knows nothing of the deployment that the machine names: a bug, not an outcome. */
export class DeploymentUnknown extends Error {
  override readonly name = 'DeploymentUnknown';
}

/** No secret leaves it: not in an answer, nor in a line of the log, nor in what it throws. @throws DeploymentUnknown, and whatever is a bug or the platform's trouble. */
export function deployRelease(deps: Deps) {
  const known = knownSecrets();
  return (event: unknown, call: Call): Promise<Answer> =>
    hushedCall(deps, (hushed, hush) => deploy(hushed, { event, call, hush, learn: known(hushed) }));
}

interface Asked {
  readonly event: unknown;
  readonly call: Call;
  readonly hush: Hush;
  readonly learn: LearnSecrets;
}

async function deploy(deps: Deps, { event, call, hush, learn }: Asked): Promise<Answer> {
  const input = DeployerInput.parse(event);
  const { rolloutId, environment, attempt, operation } = input;
  const deployment = await deps.table.get(keys.deployment(rolloutId, environment));
  if (deployment === undefined) throw new DeploymentUnknown(`${rolloutId} has no deployment into ${environment}`);
  const number = 'call' in input ? input.call : undefined;
  const secrecy = { redact: hush.redact, learn: () => learn(hush, deployment) };
  const work: Work = { deployment, attempt, call: { ...bounded(call, deployment, deps.now()), number }, hush };
  const said = await answerTo(deps, input, work, secrecy);
  const answer = await told(deps, said, { input, work, learn });
  const because = 'failure' in answer ? answer.failure.because : 'because' in answer ? answer.because : '';
  const { outcome } = answer;
  deps.log.info('deployer answered', { rolloutId, environment, attempt, operation, outcome, because });
  return answer;
}

interface Telling {
  readonly input: DeployerInput;
  readonly work: Work;
  readonly learn: LearnSecrets;
}

/** Who gathers values knows their secrets; who only looks or takes back has to learn them before it hands on what others say. */
async function told(deps: Deps, answer: Answer, { input, work, learn }: Telling): Promise<Answer> {
  const { hush, deployment } = work;
  const words = foreignWords(input, answer, hush);
  if (words.length === 0) return hushedAnswer(answer, hush.redact);
  const before = input.operation === 'roll-back' ? await goodBefore(deps, deployment) : undefined;
  const unknown = (await learn(hush, deployment)) ?? (before && (await learn(hush, before)));
  if (unknown === undefined) return hushedAnswer(answer, hush.redact);
  const instead = notShown(hush.redact(unknown));
  return hushedAnswer(answer, (text) => words.reduce((rest, word) => rest.replaceAll(word, instead), text));
}

/** What a look tells is the cluster's; of a roll-back, what is quoted. Those who apply have read the secrets already. */
function foreignWords({ operation }: DeployerInput, answer: Answer, hush: Hush): readonly string[] {
  const said = textsOf(answer);
  if (operation === 'observe') return answer.outcome === 'ready' ? [] : said;
  if (operation !== 'roll-back') return [];
  return hush.quoted().filter((words) => said.some((text) => text.includes(words)));
}

function textsOf(answer: Answer): readonly string[] {
  const failure = 'failure' in answer ? [answer.failure, ...(answer.failure.objects ?? [])] : [];
  return [...('because' in answer ? [answer.because] : []), ...failure.map(({ because }) => because)];
}

async function answerTo(deps: Deps, input: DeployerInput, work: Work, secrecy: Secrecy): Promise<Answer> {
  if (input.operation === 'observe') return observe(deps)(input, work.deployment);
  if (input.operation === 'evidence') return keepEvidence(deps)(input, work.deployment, secrecy);
  if (input.operation === 'answer') return readAnswer(deps)(input, work);
  await endDeadCall(deps, work, input.broken);
  const { place, actAs } = work.deployment;
  const reached = await deps.reach(place.cluster, input.environment, lookingAs(actAs));
  if (!reached.reached && reached.never && input.operation === 'apply') return blocked('unreachable', reached.because);
  if (!reached.reached) return { outcome: 'unreachable', because: reached.because };
  if (input.operation === 'apply') return apply(deps)(input, work, reached.cluster);
  return rollBack(deps)(input, work, reached.cluster);
}
