/** The registry of environments, and what runs in one. */
import * as z from 'zod';
import { QUEUE_MODES } from '../../domain/items/registry.ts';
import { Labels, Name, RolloutId, Time } from '../name.ts';
import { HoldView, QuarantineView } from './hold.ts';

const PEM_BASE64 = /^[A-Za-z0-9+/=\s]+$/;

export const Cluster = z
  .strictObject({
    name: z.string().regex(/^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/, 'an EKS cluster name: 1–100 letters, digits, _ and -'),
    account: z
      .string()
      .regex(/^\d{12}$/, 'an AWS account id has 12 digits')
      .optional()
      .meta({ description: "default: the installation's" }),
    region: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as eu-north-1')
      .optional()
      .meta({ description: "default: the installation's" }),
    endpoint: z
      .url({ protocol: /^https$/ })
      .max(300)
      .optional()
      .meta({ description: 'https URL of the API server; default: asked of EKS' }),
    ca: z.string().max(20_000).regex(PEM_BASE64, 'base64 of a PEM bundle').optional(),
  })
  .refine((cluster) => (cluster.endpoint === undefined) === (cluster.ca === undefined), 'endpoint and ca go together')
  .meta({ id: 'Cluster' });

export const EnvironmentBody = z
  .strictObject({
    cluster: Cluster,
    labels: Labels.default({}),
    kind: Name.optional(),
    tenant: Name.optional(),
    namespaceSuffix: Name.optional().meta({
      description: "joined to a package's namespace with '-', so that environments can share a cluster",
    }),
    deployer: Name.default('default'),
    queue: z.enum(QUEUE_MODES).exactOptional().meta({ description: "goes before the package's own queue mode" }),
  })
  .meta({ id: 'EnvironmentBody' });

export const EnvironmentView = z
  .object({
    name: Name,
    cluster: z.object({
      name: z.string(),
      account: z.string(),
      region: z.string(),
      endpoint: z.string().optional(),
      ca: z.string().optional(),
    }),
    labels: Labels,
    kind: z.string().optional(),
    tenant: z.string().optional(),
    namespaceSuffix: z.string().optional(),
    deployer: z.string(),
    queue: z.enum(QUEUE_MODES).exactOptional(),
    deployerRole: z
      .string()
      .optional()
      .meta({ description: "ARN of the role that the cluster has to let in; 'fairlead cluster connect' does it" }),
    revision: z.int(),
    updatedAt: Time,
    updatedBy: z.string(),
  })
  .meta({ id: 'Environment' });

export const EnvironmentList = z.object({ environments: z.array(EnvironmentView) }).meta({ id: 'EnvironmentList' });

export const ReleaseView = z
  .object({
    package: Name,
    environment: Name,
    state: z.enum(['deployed', 'deploying', 'failed', 'absent']),
    version: z.string().optional(),
    rollout: RolloutId.optional(),
    revision: z.int().optional().meta({ description: 'live helm revision' }),
    goodRevision: z.int().optional(),
    because: z.string(),
    at: Time,
    good: z
      .array(z.object({ version: z.string(), rollout: RolloutId, at: Time }))
      .exactOptional()
      .meta({ description: 'what was good there, newest last: a rollback can go back to it' }),
  })
  .meta({ id: 'Release' });

export const ReleaseList = z
  .object({
    releases: z.array(ReleaseView),
    holds: z.array(HoldView).default([]).meta({ description: 'packages that are kept from moving there' }),
    quarantines: z.array(QuarantineView).default([]).meta({ description: 'inputs that are not let in there' }),
  })
  .meta({ id: 'ReleaseList' });
export type EnvironmentBody = z.infer<typeof EnvironmentBody>;
export type EnvironmentView = z.infer<typeof EnvironmentView>;
export type ReleaseView = z.infer<typeof ReleaseView>;
