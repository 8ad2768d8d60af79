/** The port that looks at executions, on the in-process runner. */
import { nameOfRun, nameOfTry } from '../../contracts/ended-execution.ts';
import type { Executions, Life } from '../../domain/ports.ts';
import type { Runner } from './runner.ts';

/** ARNs of the two machines. */
export interface MachineArns {
  readonly rollout: string;
  readonly deployment: string;
}

/** What `runner` knows of executions, by their names. */
export function livesOn(runner: () => Runner, { rollout, deployment }: MachineArns): Executions {
  const lifeOf = (machineArn: string, name: string): Life => {
    const arn = `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    const found = runner().executions.find((execution) => execution.arn === arn);
    if (found === undefined) return 'unknown';
    return found.over ? 'over' : 'running';
  };
  return {
    ofRun: async (rolloutId, run) => lifeOf(rollout, nameOfRun({ rolloutId, run })),
    ofTry: async (rolloutId, environment, attempt) =>
      lifeOf(deployment, nameOfTry({ rolloutId, environment, attempt })),
  };
}
