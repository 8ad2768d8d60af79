import type { Role } from 'aws-cdk-lib/aws-iam';
import { allow } from './allow.ts';
import { executionsOf, type Machine } from './machine.ts';

/** Lets a role look at machines and their executions in the Step Functions console, and change nothing there. */
export function allowWatching(role: Role, machines: readonly Machine[]): void {
  allow(role, {
    actions: ['states:DescribeStateMachine', 'states:ListExecutions'],
    resources: machines.map(({ stateMachine }) => stateMachine.stateMachineArn),
  });
  allow(role, {
    actions: ['states:DescribeExecution', 'states:GetExecutionHistory', 'states:DescribeStateMachineForExecution'],
    resources: machines.map(({ stateMachine }) => executionsOf(stateMachine)),
    because: 'executions are named by ids of rollouts',
  });
  allow(role, {
    actions: ['states:ListStateMachines'],
    resources: ['*'],
    because: 'the console lists machines before it shows one (states:ListStateMachines knows no resources)',
  });
}
