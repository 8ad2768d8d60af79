/**
 * What only a deployer can see of the way to a cluster and of the rights in it. Nothing is claimed or changed; what is
 * found is told, never thrown.
 */
import * as z from 'zod';
import { CHECKS, type Check } from '../domain/inspection/check.ts';
import { ITEMS } from './items.ts';
import { Name, Time } from './name.ts';

/** The package whose rights are looked at, as it lands in the environment. */
export const InspectedPackage = z.object({
  name: Name,
  /** `oci://host/path`, without a version. */
  chart: z.string(),
  /** @default the newest there is */
  version: z.string().exactOptional(),
  /** As it is registered: what commands take. */
  namespace: z.string(),
  /** With the environment's suffix. */
  landsIn: z.string(),
  release: z.string(),
  /** `system:serviceaccount:NAMESPACE:NAME`, when helm acts as somebody else than the deployer. */
  actAs: z.string().exactOptional(),
});

/** The deployer's operation `inspect`: no lease, no writes, done within 20 s. */
export const InspectInput = z.object({
  v: z.literal(1),
  operation: z.literal('inspect'),
  environment: Name,
  cluster: ITEMS.environment.shape.cluster,
  package: InspectedPackage.exactOptional(),
});

/** Whether a payload of the deployer is one of these, and not about a deployment. */
export function isInspection(payload: unknown): boolean {
  return InspectInput.pick({ operation: true }).safeParse(payload).success;
}

const CheckId = z.union([z.enum(CHECKS), z.templateLiteral(['rbac:', z.string().min(1)])]).meta({
  description: `${CHECKS.join(', ')}, or rbac:KIND for each kind that the chart renders`,
  example: 'mapping',
});

export const CheckLine = z
  .object({
    check: CheckId,
    state: z.enum(['ok', 'warn', 'fail']),
    says: z.string().meta({ description: 'what was seen, in one sentence' }),
    fix: z.string().exactOptional().meta({ description: 'what to do about it; absent when the state is ok' }),
  })
  .meta({ id: 'Check' }) satisfies z.ZodType<Check>;

/** What the deployer answers. */
export const InspectAnswer = z.object({
  outcome: z.literal('inspected'),
  /** The deployer's clock when it was done. */
  at: Time,
  checks: z.array(CheckLine),
});

/** `GET /environments/{environment}/inspection` */
export const InspectionView = z
  .object({
    environment: Name,
    package: Name.exactOptional(),
    deployer: z.object({
      name: z.string().meta({ description: 'as in fairlead.yaml' }),
      role: z.string().exactOptional().meta({ description: 'ARN of the role that clusters must know' }),
    }),
    at: Time.exactOptional().meta({ description: "the deployer's clock when it answered; absent when it did not" }),
    checks: z.array(CheckLine),
  })
  .meta({ id: 'Inspection' });

/** Asks the deployer of that name. That it does not answer, or is none of ours, is an answer. */
export type Inspect = (deployer: string, input: InspectInput) => Promise<InspectReply>;
export type InspectReply =
  | { readonly answered: true; readonly answer: InspectAnswer }
  | { readonly answered: false; readonly known: true; readonly because: string }
  | { readonly answered: false; readonly known: false };

export type InspectedPackage = z.infer<typeof InspectedPackage>;
export type InspectInput = z.infer<typeof InspectInput>;
export type InspectAnswer = z.infer<typeof InspectAnswer>;
export type InspectionView = z.infer<typeof InspectionView>;
