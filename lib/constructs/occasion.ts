import { Duration } from 'aws-cdk-lib';
import { type EventPattern, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Construct } from 'constructs';
import type { Installation } from '../installation.ts';
import type { Alarms } from './alarms.ts';
import { DeadLetters } from './dead-letters.ts';
import type { FairleadFunction } from './fairlead-function.ts';

export interface OccasionProps {
  readonly installation: Installation;
  /** What EventBridge looks for, or how often it calls. */
  readonly when: EventPattern | Duration;
  readonly description: string;
  readonly calls: FairleadFunction;
  readonly alarms: Alarms;
  /** Page in `docs/runbooks/` for calls that never went through. */
  readonly runbook: string;
  readonly impact: string;
}

/** Calls a function when something happens, or every so often. A call that does not go through, or whose function keeps throwing, is a dead letter. */
export class Occasion extends Construct {
  constructor(scope: Construct, id: string, props: OccasionProps) {
    super(scope, id);
    const { installation, when, description, calls, alarms, runbook, impact } = props;
    const { queue } = new DeadLetters(this, 'Dead', { installation, alarms, runbook, impact });
    const rule = new Rule(this, 'Rule', {
      description,
      ...(when instanceof Duration ? { schedule: Schedule.rate(when) } : { eventPattern: when }),
    });
    rule.addTarget(
      new LambdaFunction(calls.alias, { deadLetterQueue: queue, retryAttempts: 10, maxEventAge: Duration.hours(1) }),
    );
    calls.alias.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(1),
      onFailure: new SqsDestination(queue),
    });
  }
}

/** Executions of one machine that ended without their own last word: no Catch runs when somebody stops them or time is up. */
export function endedExecutions(stateMachineArn: string): EventPattern {
  return {
    source: ['aws.states'],
    detailType: ['Step Functions Execution Status Change'],
    detail: { stateMachineArn: [stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
  };
}
