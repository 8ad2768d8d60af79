/** `fairlead.yaml`: one file says what an installation is. */
import * as z from 'zod';
import { ClusterAccount, DeployerSettings } from './deployer-settings.ts';
import { FasitDeploy } from './fasit-deploy.ts';
import { Name } from './name.ts';
import { SecretSettings } from './secret-settings.ts';
import { ClaimRules } from './self-service.ts';
import { Digits, Source } from './source.ts';
import { Stages } from './stage.ts';

const RoleArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$|^arn:aws[a-z-]*:iam::\d{12}:root$/,
    'an ARN of a role, user or account root',
  );

/** GitHub compares names without case. */
const isOf = (owner: string, repository: string) => repository.toLowerCase().startsWith(`${owner.toLowerCase()}/`);

export const Config = z
  .strictObject({
    name: Name.default('fairlead').meta({ description: 'prefix of everything that is named' }),
    account: z.string().regex(/^\d{12}$/, 'an AWS account id has 12 digits'),
    region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as eu-north-1'),
    values: z
      .strictObject({
        prefix: z
          .string()
          .regex(/^(\/[A-Za-z0-9_.-]+)*\/$|^$/, "a path such as /fairlead/, ending in '/'")
          .default(''),
        labelOrder: z.array(Name).default([]).meta({ description: 'labels that have value layers, weakest first' }),
        quietSeconds: z.int().min(1).max(3600).default(60).meta({
          description: 'changed layers are gathered until none was edited for so long, and looked at every minute',
        }),
        mostSeconds: z.int().min(1).max(86_400).default(600).meta({
          description: 'and no longer than this after the first edit',
        }),
        sweepMinutes: z.int().min(1).max(1440).default(60).meta({
          description: 'how often layers are compared with what was attempted last, for edits that no event told of',
        }),
      })
      .prefault({}),
    secrets: SecretSettings.prefault({}),
    promotionOrder: Stages.optional().meta({
      description: 'stages of packages that have none of their own; default: one stage with everything',
    }),
    sources: z.array(Source).default([]),
    selfService: z
      .strictObject({
        owner: z
          .string()
          .regex(/^[A-Za-z0-9-]+$/, 'the organisation, in the letters that GitHub shows')
          .meta({ description: 'organisation whose repositories share the role {name}-workflows' }),
        ownerId: Digits.meta({ description: "GitHub's numeric id of it: gh api orgs/{owner} --jq .id" }),
        claims: ClaimRules,
      })
      .refine(({ owner, claims }) => claims.every((rule) => rule.repositories.every((r) => isOf(owner, r))), {
        error: "a rule names repositories of another owner: only the organisation's own can claim",
        path: ['claims'],
      })
      .optional(),
    fasitDeploy: FasitDeploy.optional(),
    operators: z.array(RoleArn).default([]).meta({ description: 'who may assume the operator role' }),
    readers: z.array(RoleArn).default([]),
    approvers: z
      .array(
        z.strictObject({
          name: Name.meta({ description: 'names the role: {name}-approver-{name of the approvers}' }),
          who: z.array(RoleArn).min(1).meta({ description: 'who may assume the role' }),
        }),
      )
      .max(20)
      .default([])
      .meta({ description: 'roles that look at everything and approve at gates; each role counts as one identity' }),
    breakGlass: z
      .strictObject({ who: z.array(RoleArn).min(1).meta({ description: 'who may assume {name}-break-glass' }) })
      .optional()
      .meta({ description: "a role with operators' calls for emergencies; default: there is none" }),
    deployers: z
      .record(Name, DeployerSettings)
      .default({ default: DeployerSettings.parse({}) })
      .meta({ description: "what runs helm; an environment names one, 'default' unless told" }),
    clusterAccounts: z
      .array(ClusterAccount)
      .default([])
      .meta({ description: 'other accounts whose clusters are reached through a role there' }),
    charts: z
      .strictObject({
        registry: z
          .string()
          .regex(/^oci:\/\/\S+[^/]$/, 'oci://host/path')
          .optional()
          .meta({ description: "default: the account's ECR, oci://{account}.dkr.ecr.{region}.amazonaws.com/charts" }),
        plainHttp: z.boolean().default(false),
        buckets: z
          .array(z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "a bucket's name, without s3://"))
          .max(20)
          .default([])
          .meta({ description: "buckets with charts, s3://BUCKET/PREFIX/NAME, beside the installation's own" }),
      })
      .prefault({}),
    restoredTable: z
      .strictObject({
        name: z.string().regex(/^[A-Za-z0-9_.-]{3,255}$/, "a table's name"),
        streamArn: z
          .string()
          .regex(/^arn:aws[a-z-]*:dynamodb:\S+:table\/\S+\/stream\/\S+$/, "the ARN of the table's stream"),
      })
      .optional()
      .meta({
        description: 'use this table, restored from a backup, in place of its own (docs/runbooks/restore-the-table.md)',
      }),
    alarms: z.strictObject({ email: z.email().optional() }).prefault({}),
    oidcProvider: z
      .enum(['import', 'create'])
      .default('import')
      .meta({ description: "GitHub's OIDC provider: an account can have only one" }),
    /** Local stacks and sandboxes only: everything goes with `cdk destroy`. */
    disposable: z.boolean().default(false),
  })
  .meta({ id: 'FairleadConfig' });
export type Config = z.infer<typeof Config>;
