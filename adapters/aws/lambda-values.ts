/** The two functions that answer-request asks for values: the planner freezes, a deployer works out. */
import { type AskValues, ValuesAnswer } from '../../contracts/api/effective.ts';
import { type FreezeView, FreezeViewAnswer } from '../../contracts/freeze-view.ts';
import { type AskDeployerProps, askDeployer } from './ask-deployer.ts';

/** The port `AskValues`. */
export function lambdaValues(props: AskDeployerProps): AskValues {
  const ask = askDeployer(props, ValuesAnswer);
  return async (deployer, input) => {
    const reply = await ask(deployer, input);
    if (reply.answered) return reply.answer;
    const why = reply.known ? `does not answer: ${reply.because}` : 'is not configured in fairlead.yaml';
    return { outcome: 'silent', because: `deployer ${deployer} ${why}` };
  };
}

export interface FreezeViewProps extends Omit<AskDeployerProps, 'deployers'> {
  /** ARN of the alias of plan-rollout. */
  readonly planner: string;
}

/** The port `FreezeView`. */
export function lambdaFreezeView({ planner, ...props }: FreezeViewProps): FreezeView {
  const ask = askDeployer({ ...props, deployers: new Map([['planner', planner]]) }, FreezeViewAnswer);
  return async (input) => {
    const reply = await ask('planner', input);
    if (reply.answered) return reply.answer;
    return { outcome: 'silent', because: `the planner does not answer: ${reply.known ? reply.because : 'unknown'}` };
  };
}
