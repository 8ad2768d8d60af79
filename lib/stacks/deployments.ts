import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Config } from '../../contracts/config.ts';
import type { DeployerSettings } from '../../contracts/deployer-settings.ts';
import { DEFAULT_DEPLOYER } from '../../domain/deployment/deployer-role.ts';
import { MOST_MINUTES, type SaidWay } from '../../domain/deployment/ways-of.ts';
import { Env as BeginEnv } from '../../lambdas/begin-deployment/env.ts';
import { Env as FinishEnv } from '../../lambdas/finish-deployment/env.ts';
import { Deployer } from '../constructs/deployer.ts';
import { FairleadFunction } from '../constructs/fairlead-function.ts';
import { Machine } from '../constructs/machine.ts';
import { endedExecutions, Occasion } from '../constructs/occasion.ts';
import { SecretReader } from '../constructs/secret-reader.ts';
import { allowPullingValues } from '../constructs/value-parameters.ts';
import type { PartProps } from './part.ts';

/** One package version into one environment: the `deployment` machine, its two functions and the deployers. */
export class Deployments extends Construct {
  readonly machine: Machine;
  /** By their names in `fairlead.yaml`. */
  readonly deployers: ReadonlyMap<string, Deployer>;

  constructor(scope: Construct, id: string, { installation, alarms, storage }: PartProps) {
    super(scope, id);
    const { config } = installation;
    const { table } = storage;
    const environment = { TABLE_NAME: table.table.tableName };
    this.deployers = new Map(
      Object.entries(config.deployers).map(([name, settings]) => {
        const construct = name === DEFAULT_DEPLOYER ? 'Deployer' : `Deployer-${name}`;
        return [name, new Deployer(this, construct, { installation, name, settings, ...storage, alarms })];
      }),
    );
    new SecretReader(this, 'Secrets', { config, readers: [...this.deployers.values()].map(({ run }) => run.role) });
    const begin = new FairleadFunction(this, 'BeginDeployment', {
      folder: 'begin-deployment',
      env: BeginEnv,
      environment: {
        ...environment,
        DEPLOYER_ARNS: Stack.of(this).toJsonString(this.#aliases()),
        DEPLOYER_WAYS: JSON.stringify(saidWays(config.deployers)),
        INSTALLATION: config.name,
      },
      alarms,
      impact: 'Deployments do not begin: rollouts stand still or end errored.',
    });
    const finish = new FairleadFunction(this, 'FinishDeployment', {
      folder: 'finish-deployment',
      env: FinishEnv,
      environment,
      alarms,
      impact: 'Outcomes of deployments are not recorded: releases stay leased and rollouts do not go on.',
    });
    for (const { role } of [begin, finish]) table.grantReadWrite(role);
    // A rollback that went well ends the hold that it led out of.
    table.grantDelete(finish.role);
    this.machine = new Machine(this, 'Deployment', {
      machine: 'deployment',
      installation: config.name,
      calls: { BeginDeployment: begin, FinishDeployment: finish },
      isSentTo: [...this.deployers.values()].map(({ run }) => run),
      builds: [...this.deployers.values()].flatMap(({ builds }) => builds ?? []),
      alarms,
      impact: 'A deployment ended without recording its outcome: its rollout waits until the lease ends.',
    });
    allowPullingValues(this.machine.role, config);
    new Occasion(this, 'Ended', {
      installation,
      when: endedExecutions(this.machine.stateMachine.stateMachineArn),
      description: 'Records deployments whose execution was stopped, failed or ran out of time',
      calls: finish,
      alarms,
      runbook: 'finish-deployment-dead-letters',
      impact: 'A deployment that was stopped stays in flight and keeps its lease until the deadline.',
    });
  }
  /** Each deployer's alias by its name: *Begin* sends the machine to the one that the environment asks for. */
  #aliases(): Record<string, string> {
    return Object.fromEntries([...this.deployers].map(([name, { run }]) => [name, run.alias.functionArn]));
  }
}

/** What Begin is told of deployers that are not as most are. */
function saidWays(deployers: Config['deployers']): Record<string, SaidWay> {
  const said = Object.entries(deployers).map(([name, settings]) => [name, saidWay(settings)] as const);
  return Object.fromEntries(said.flatMap(([name, way]) => (way === undefined ? [] : [[name, way]])));
}

function saidWay({ kind, builds, timeoutMinutes }: DeployerSettings): SaidWay | undefined {
  if (kind === 'codebuild') return 'builds';
  if (!builds) return 'function';
  return timeoutMinutes === MOST_MINUTES ? undefined : timeoutMinutes;
}
