/**
 * What helm remembers of a release, asked of a deployer: its operation `revisions` reads labels alone, claims nothing and
 * changes nothing. Whoever restores the table compares with it what the table says.
 */
import * as z from 'zod';
import { HELM_STATUSES } from '../domain/release/release-history.ts';
import { ITEMS } from './items.ts';
import { Name } from './name.ts';

export const RevisionsInput = z.object({
  v: z.literal(1),
  operation: z.literal('revisions'),
  environment: Name,
  place: ITEMS.deployment.shape.place,
  /** As whom helm acts there for this package, if not as the deployer: it decides as whom the deployer looks. */
  actAs: z.string().min(1).exactOptional(),
});

/** Whether a payload of the deployer is one of these, and not about a deployment. */
export function isAboutRevisions(payload: unknown): boolean {
  return RevisionsInput.pick({ operation: true }).safeParse(payload).success;
}

export const StandingRevision = z.object({
  revision: z.int().min(1),
  status: z.enum(HELM_STATUSES),
  /** The fence that it was made under, when it is labelled with one. */
  fence: z.int().min(0).exactOptional(),
  /** Made by an installation of this name. */
  installation: z.string().exactOptional(),
});

export const RevisionsAnswer = z.discriminatedUnion('outcome', [
  /** Oldest first; empty when nothing was ever installed. */
  z.object({ outcome: z.literal('read'), revisions: z.array(StandingRevision) }),
  z.object({ outcome: z.literal('unreadable'), because: z.string() }),
]);

/** Asks the deployer of that name. A deployer that does not answer makes the release unreadable. */
export type ReadRevisions = (deployer: string, input: RevisionsInput) => Promise<RevisionsAnswer>;

export type RevisionsInput = z.infer<typeof RevisionsInput>;
export type RevisionsAnswer = z.infer<typeof RevisionsAnswer>;
