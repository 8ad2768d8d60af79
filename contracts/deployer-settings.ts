/** Deployers and the accounts of clusters, as `fairlead.yaml` has them. */
import * as z from 'zod';

const id = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `an id such as ${prefix}-0a1b2c3d4e5f67890`);

/** Where a deployer lives whose clusters answer inside of a network only. Named by ids: the synthesis looks nothing up. */
export const DeployerVpc = z.strictObject({
  vpcId: id('vpc'),
  subnetIds: z
    .array(id('subnet'))
    .min(2, 'name two subnets or more, in different availability zones')
    .max(16)
    .refine((ids) => new Set(ids).size === ids.length, 'the same subnet is there twice'),
  securityGroupIds: z
    .array(id('sg'))
    .min(1, 'name a security group: it must let the deployer out to the clusters and to AWS')
    .max(5)
    .meta({ description: 'a cluster whose endpoint is private must let them in on port 443' }),
});

export const DeployerSettings = z
  .strictObject({
    kind: z.enum(['lambda', 'codebuild']).default('lambda').meta({
      description: 'codebuild: helm always runs in builds; the function only looks, keeps evidence and rolls back',
    }),
    builds: z.boolean().default(true).meta({
      description:
        'a CodeBuild project for what takes long; without one everything runs in the function, within its limit',
    }),
    memoryMb: z.int().min(512).max(10_240).default(1024),
    timeoutMinutes: z.int().min(2).max(15).default(15),
    vpc: DeployerVpc.optional().meta({
      description: 'for clusters with a private endpoint; default: outside of any VPC',
    }),
  })
  .refine(({ kind, builds }) => kind === 'lambda' || builds, {
    error: "a deployer of kind codebuild needs its builds: leave 'builds: false' out",
    path: ['builds'],
  });

/** A cluster of another account, as `bin/cluster-account.ts` is to let the deployers into it. */
export const ClusterThere = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/, 'the name of an EKS cluster, without wildcards'),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as eu-north-1'),
  accessEntry: z
    .boolean()
    .default(true)
    .meta({ description: 'false where the cluster knows aws-auth only: connect it with fairlead cluster connect' }),
});

export const ExternalId = z
  .string()
  .regex(/^[\w+=,.@:/-]{8,128}$/, '8 to 128 characters, of letters, digits and + = , . @ : / - _');

/** Another account that has clusters. Its role `{installation}-cluster-access` lets the deployers in. */
export const ClusterAccount = z.strictObject({
  account: z.string().regex(/^\d{12}$/, 'an AWS account id has 12 digits'),
  externalId: ExternalId.meta({
    description: 'what the role of that account asks to be told: hard to guess, but no secret',
  }),
  clusters: z
    .array(ClusterThere)
    .default([])
    .meta({ description: "clusters of that account, for bin/cluster-account.ts, which makes the account's role" }),
});

export type DeployerVpc = z.infer<typeof DeployerVpc>;
export type DeployerSettings = z.infer<typeof DeployerSettings>;
export type ClusterAccount = z.infer<typeof ClusterAccount>;
export type ClusterThere = z.infer<typeof ClusterThere>;
