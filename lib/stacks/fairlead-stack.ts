import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { DEFAULT_DEPLOYER } from '../../domain/deployment/deployer-role.ts';
import { acknowledgeAutoDelete } from '../constructs/acknowledge-auto-delete.ts';
import { Alarms } from '../constructs/alarms.ts';
import { chartRegistry } from '../constructs/chart-registry.ts';
import type { Installation } from '../installation.ts';
import { Deployments } from './deployments.ts';
import { Front } from './front.ts';
import { People } from './people.ts';
import { Plans } from './plans.ts';
import { Rollouts } from './rollouts.ts';
import { Storage } from './storage.ts';
import { ValuesChanges } from './values-changes.ts';
import { Wakers } from './wakers.ts';

/** A whole installation of Fairlead in one account and region. Composition only: each part has its own file. */
export class FairleadStack extends Stack {
  constructor(scope: Construct, installation: Installation) {
    const { config } = installation;
    const { name, account, region } = config;
    super(scope, name, {
      stackName: name,
      description: 'Fairlead: rolls helm releases out to many EKS clusters',
      env: { account, region },
      terminationProtection: !config.disposable,
    });
    const alarms = new Alarms(this, 'Alarms', config.alarms);
    const storage = new Storage(this, 'Storage', installation);
    const part = { installation, alarms, storage };
    const deployments = new Deployments(this, 'Deployments', part);
    const rollouts = new Rollouts(this, 'Rollouts', {
      ...part,
      deployment: deployments.machine,
      deployers: deployments.deployers,
    });
    const plans = new Plans(this, 'Plans', { ...part, planner: rollouts.planner, deployers: deployments.deployers });
    const rolloutMachineArn = rollouts.machine.stateMachine.stateMachineArn;
    new Wakers(this, 'Wakers', {
      ...part,
      rollout: rollouts.machine,
      deployment: deployments.machine,
      plan: plans.machine,
    });
    new ValuesChanges(this, 'ValuesChanges', part);
    const { api } = new Front(this, 'Front', {
      ...part,
      rolloutMachineArn,
      planner: rollouts.planner,
      deployers: deployments.deployers,
    });
    const machines = [rollouts.machine, deployments.machine, plans.machine];
    const people = new People(this, 'People', { installation, api, machines, alarms, values: storage.values });
    acknowledgeAutoDelete(this);
    this.#tell({
      ApiUrl: api.api.url,
      ApiId: api.api.restApiId,
      ApiStage: api.api.deploymentStage.stageName,
      TableName: storage.table.table.tableName,
      PlansBucketName: storage.plans.bucket.bucketName,
      EvidenceBucketName: storage.evidence.bucket.bucketName,
      ValuesBucketName: storage.values.bucket.bucketName,
      ChartsBucketName: storage.charts.bucket.bucketName,
      ChartRegistry: chartRegistry(config),
      RolloutMachineArn: rolloutMachineArn,
      PlanMachineArn: plans.machine.stateMachine.stateMachineArn,
      DeploymentMachineArn: deployments.machine.stateMachine.stateMachineArn,
      OperatorRoleArn: people.operator.role.roleArn,
      ReaderRoleArn: people.reader.role.roleArn,
      AlarmTopicArn: alarms.topic.topicArn,
      ...deployerOutputs(deployments),
      ...sourceOutputs(people),
      ...approverOutputs(people),
      ...(people.workflows && { WorkflowsRoleArn: people.workflows.role.roleArn }),
      ...(people.breakGlass && { BreakGlassRoleArn: people.breakGlass.role.roleArn }),
    });
  }

  #tell(outputs: Readonly<Record<string, string>>): void {
    for (const [id, value] of Object.entries(outputs)) new CfnOutput(this, id, { value });
  }
}

/** `DeployerRoleArn` for deployer `default`, `DeployerRoleArnPrivateEu` for `private-eu`. */
function deployerOutputs({ deployers }: Deployments): Record<string, string> {
  const idOf = (name: string) => (name === DEFAULT_DEPLOYER ? '' : pascalCase(name));
  return Object.fromEntries(
    [...deployers].map(([name, { run }]) => [`DeployerRoleArn${idOf(name)}`, run.role.roleArn]),
  );
}

/** `SourceRoleArnAcmeWebui` for source `acme-webui`. */
function sourceOutputs({ sources }: People): Record<string, string> {
  return Object.fromEntries([...sources].map(([name, { role }]) => [`SourceRoleArn${pascalCase(name)}`, role.roleArn]));
}

/** `ApproverRoleArnSre` for approvers `sre`. */
function approverOutputs({ approvers }: People): Record<string, string> {
  return Object.fromEntries(
    [...approvers].map(([name, { role }]) => [`ApproverRoleArn${pascalCase(name)}`, role.roleArn]),
  );
}

const pascalCase = (name: string) => name.replaceAll(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
