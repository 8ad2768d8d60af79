import { Construct } from 'constructs';
import type { Deployer } from '../constructs/deployer.ts';
import type { FairleadFunction } from '../constructs/fairlead-function.ts';
import { Machine } from '../constructs/machine.ts';
import { endedExecutions, Occasion } from '../constructs/occasion.ts';
import type { PartProps } from './part.ts';

export interface PlansProps extends PartProps {
  /** Freezes plans, and puts together what they come to. */
  readonly planner: FairleadFunction;
  /** By their names in `fairlead.yaml`: each is asked what would change in its environments. */
  readonly deployers: ReadonlyMap<string, Deployer>;
}

/** Plans by themselves, which start nothing: the `plan` machine. */
export class Plans extends Construct {
  readonly machine: Machine;

  constructor(scope: Construct, id: string, { installation, alarms, planner, deployers }: PlansProps) {
    super(scope, id);
    this.machine = new Machine(this, 'Plan', {
      machine: 'plan',
      installation: installation.config.name,
      calls: { PlanRollout: planner },
      isSentTo: [...deployers.values()].map(({ run }) => run),
      alarms,
      impact: 'A plan ended without its own last word: it is recorded as errored, or reads so after 45 minutes.',
    });
    new Occasion(this, 'Ended', {
      installation,
      when: endedExecutions(this.machine.stateMachine.stateMachineArn),
      description: 'Records plans whose execution was stopped, failed or ran out of time',
      calls: planner,
      alarms,
      runbook: 'plan-dead-letters',
      impact: 'A plan that was stopped reads as worked on until 45 minutes after it was asked for.',
    });
  }
}
