/** The deployers' looks that answer-request asks for. */
import { type Inspect, InspectAnswer } from '../../contracts/inspection.ts';
import { type ReadRevisions, RevisionsAnswer } from '../../contracts/revisions.ts';
import { type AskDeployerProps, askDeployer } from './ask-deployer.ts';

/** The port `Inspect`. */
export function lambdaInspect(props: AskDeployerProps): Inspect {
  return askDeployer(props, InspectAnswer);
}

/** The port `ReadRevisions`. */
export function lambdaRevisions(props: AskDeployerProps): ReadRevisions {
  const ask = askDeployer(props, RevisionsAnswer);
  return async (deployer, input) => {
    const reply = await ask(deployer, input);
    if (reply.answered) return reply.answer;
    const why = reply.known ? `does not answer: ${reply.because}` : 'is not configured in fairlead.yaml';
    return { outcome: 'unreadable', because: `deployer ${deployer} ${why}` };
  };
}
