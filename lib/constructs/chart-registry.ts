import { Stack } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Config } from '../../contracts/config.ts';
import { allow } from './allow.ts';

const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'] as const;
const PUSH = [
  'ecr:CreateRepository',
  'ecr:DescribeRepositories',
  'ecr:InitiateLayerUpload',
  'ecr:UploadLayerPart',
  'ecr:CompleteLayerUpload',
  'ecr:PutImage',
] as const;

/** `oci://host/path` of the charts that name no place of their own. */
export function chartRegistry({ charts, account, region }: Config): string {
  return charts.registry ?? `oci://${account}.dkr.ecr.${region}.amazonaws.com/charts`;
}

/** Lets a role pull charts, when they are in ECR. */
export function allowPullingCharts(role: Role, config: Config): void {
  allowCharts(role, config, PULL);
}

/** Lets a role read charts from the buckets that `fairlead.yaml` lists. */
export function allowBucketsOfCharts(role: Role, { charts }: Config): void {
  if (charts.buckets.length === 0) return;
  const arns = charts.buckets.map((name) => `arn:${Stack.of(role).partition}:s3:::${name}`);
  allow(role, {
    actions: ['s3:GetObject'],
    resources: arns.map((arn) => `${arn}/*`),
    because: 'one archive for each version of each chart, in buckets that are kept elsewhere',
  });
  allow(role, { actions: ['s3:ListBucket'], resources: arns });
}

/** Lets a role push and pull charts, when they are in ECR. */
export function allowPushingCharts(role: Role, config: Config): void {
  allowCharts(role, config, [...PULL, ...PUSH]);
}

function allowCharts(role: Role, config: Config, actions: readonly string[]): void {
  const place = ecrPlace(chartRegistry(config));
  if (place === undefined) return;
  allow(role, {
    actions: ['ecr:GetAuthorizationToken'],
    resources: ['*'],
    because: 'a login is for the whole registry (ecr:GetAuthorizationToken knows no resources)',
  });
  const { account, region, path } = place;
  allow(role, {
    actions,
    resources: [Stack.of(role).formatArn({ service: 'ecr', account, region, resource: `repository/${path}/*` })],
    because: 'one repository for each chart, all under one path',
  });
}

/** Account, region and path of a registry in ECR; nothing for any other registry, which IAM has no say in. */
export function ecrPlace(registry: string) {
  const match = /^oci:\/\/(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/(.+)$/.exec(registry);
  const [, account, region, path] = match ?? [];
  return account === undefined || region === undefined || path === undefined ? undefined : { account, region, path };
}
