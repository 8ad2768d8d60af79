/** What a state machine's file asks of its role, read from the file itself. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FILES = join(import.meta.dirname, '../../statemachines');

interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Arguments?: {
    readonly FunctionName?: string;
    readonly StateMachineArn?: string;
    readonly ProjectName?: string;
  };
  readonly ItemProcessor?: Machine;
  readonly Branches?: readonly Machine[];
}
interface Machine {
  readonly States: Readonly<Record<string, State>>;
}

export const textOf = (machine: string) => readFileSync(join(FILES, `${machine}.asl.json`), 'utf8');

/** `${PlanRolloutArn}` → `PlanRolloutArn`, each once. */
export function placeholdersOf(machine: string): readonly string[] {
  return [...new Set([...textOf(machine).matchAll(/\$\{(\w+)\}/g)].map(([, name]) => String(name)))].toSorted();
}

function tasksOf({ States }: Machine): readonly State[] {
  return Object.values(States).flatMap((state) => [
    ...(state.Type === 'Task' ? [state] : []),
    ...(state.ItemProcessor === undefined ? [] : tasksOf(state.ItemProcessor)),
    ...(state.Branches ?? []).flatMap(tasksOf),
  ]);
}

const RULE = 'StepFunctionsGetEventsForStepFunctionsExecutionRule';
const BUILD_RULE = 'StepFunctionsGetEventForCodeBuildStartBuildRule';
const RULE_ACTIONS = ['PutTargets', 'PutRule', 'DescribeRule'];

/** A function whose ARN an earlier answer gave. */
const ANSWERED = /^\{% \$(?:states\.input\.)?(\w+) %\}$/;

/**
 * `action placeholder` for every task, `action $variable` where an answer chose the function, by the rules of https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html.
 * An integration that is not in this list fails the test: somebody has to look its rights up.
 */
export function needsOf(machine: string): readonly string[] {
  const needs = tasksOf(JSON.parse(textOf(machine))).flatMap(({ Resource = '', Arguments = {} }) => {
    const integration = Resource.replace('arn:aws:states:::', '');
    const { FunctionName = '', StateMachineArn = '', ProjectName = '' } = Arguments;
    switch (integration) {
      case 'lambda:invoke':
      case 'lambda:invoke.waitForTaskToken':
        return [`lambda:InvokeFunction ${FunctionName.replace(ANSWERED, '$$$1')}`];
      case 'states:startExecution.sync:2':
        return [
          `states:StartExecution ${StateMachineArn}`,
          ...['DescribeExecution', 'StopExecution'].map(
            (action) => `states:${action} executions of ${StateMachineArn}`,
          ),
          ...RULE_ACTIONS.map((action) => `events:${action} ${RULE}`),
        ];
      case 'codebuild:startBuild.sync':
        return [
          ...['StartBuild', 'StopBuild', 'BatchGetBuilds'].map(
            (action) => `codebuild:${action} ${ProjectName.replace(ANSWERED, '$$$1')}`,
          ),
          ...RULE_ACTIONS.map((action) => `events:${action} ${BUILD_RULE}`),
        ];
      case 'aws-sdk:ssm:getParameters':
        return ['ssm:GetParameters values'];
      default:
        throw new Error(`nobody has looked up what ${integration} needs`);
    }
  });
  return [...new Set(needs)].toSorted();
}
