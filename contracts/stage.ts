/** Stages as people write them: in a rollout request, with a package, or as the installation's promotion order. */
import * as z from 'zod';
import { Labels, Name } from './name.ts';

const RoleName = z.string().regex(/^[\w+=,.@-]{1,64}$/, "a role's name, without its path");
const GithubEnvironment = z
  .string()
  .regex(/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+:.{1,255}$/, 'a GitHub environment is owner/name:environment');

export const Gate = z
  .strictObject({
    approvals: z.int().min(0).max(10).default(0).meta({ description: 'how many different identities must approve' }),
    approvers: z
      .strictObject({
        roles: z
          .array(RoleName)
          .max(20)
          .readonly()
          .default([])
          .meta({ description: "names of roles; all of a role's sessions are one identity" }),
        githubEnvironments: z
          .array(GithubEnvironment)
          .max(20)
          .readonly()
          .default([])
          .meta({ description: 'owner/name:environment, proven by the token of a job that GitHub let into it' }),
      })
      .refine(
        ({ roles, githubEnvironments }) => roles.length + githubEnvironments.length > 0,
        'name somebody who may approve',
      )
      .exactOptional()
      .meta({ description: 'who may approve; default: operators and approvers of fairlead.yaml' }),
    authorMayApprove: z
      .boolean()
      .default(false)
      .meta({ description: 'whether who started the rollout may approve it' }),
    hours: z
      .number()
      .min(0.01)
      .max(720)
      .default(72)
      .meta({ description: 'how long the gate waits, and how long an approval counts' }),
    statuses: z
      .array(Name)
      .max(20)
      .readonly()
      .default([])
      .meta({ description: 'statuses that must be success, set from outside' }),
  })
  .refine(
    ({ approvals, statuses }) => approvals > 0 || statuses.length > 0,
    'a gate asks for approvals, statuses or both',
  )
  .meta({ id: 'Gate' });

/** Of a template's parts only the form is checked, not their bounds. */
const Share = z
  .templateLiteral([z.int(), '%'])
  .refine((share) => /^(?:100|[1-9]?[0-9])%$/.test(share), "a share of the stage is '0%' to '100%'");

export const FailureBudget = z.union(
  [z.int().min(0).max(1000), Share],
  "a number of deployments, or a share of the stage such as '10%'",
);

export const Unreachable = z
  .strictObject({
    policy: z.enum(['wait', 'skip', 'fail']).meta({
      description: 'fail: counts at once. wait, skip: tried again for `minutes`, then it counts or is passed over',
    }),
    minutes: z.number().min(0).max(10_080).default(60),
  })
  .meta({ id: 'Unreachable' });

export const Stage = z
  .strictObject({
    name: Name,
    targets: z
      .array(Labels)
      .min(1)
      .max(20)
      .meta({ description: 'environments that match any of these belong to the stage' }),
    soakMinutes: z
      .number()
      .min(0)
      .max(10_080)
      .default(0)
      .meta({ description: 'minutes the stage must stand well before what follows starts' }),
    maxParallel: z.int().min(1).max(40).default(10).meta({ description: 'deployments at once' }),
    failureBudget: FailureBudget.default(0).meta({
      description: "deployments that may end badly before the line stops: a number, or a share such as '10%'",
    }),
    gate: Gate.exactOptional().meta({ description: 'what must be true before the stage starts' }),
    spreadMinutes: z
      .number()
      .min(0)
      .max(10_080)
      .exactOptional()
      .meta({ description: "the stage's deployments begin evenly over these minutes" }),
    unreachable: Unreachable.exactOptional().meta({
      description: 'environments whose cluster does not answer; default: fail',
    }),
  })
  .meta({ id: 'Stage' });

export const Stages = z
  .array(Stage)
  .min(1)
  .max(20)
  .refine((stages) => new Set(stages.map((s) => s.name)).size === stages.length, 'stage names must differ');

export type Stage = z.infer<typeof Stage>;
