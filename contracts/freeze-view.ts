/** plan-rollout, asked by answer-request: freezes what one environment would be rolled out with now, so that a deployer can show it. */
import * as z from 'zod';
import { OUTCOME_CODES } from '../domain/outcome.ts';
import { ChartVersion, Name, RolloutId } from './name.ts';

export const FreezeViewInput = z.object({
  v: z.literal(1),
  view: z.object({
    /** ULID: the view stands in the plans bucket as a plan by itself does. */
    id: RolloutId,
    package: Name,
    environment: Name,
    /** @default the newest that was pushed */
    version: ChartVersion.exactOptional(),
  }),
});

export const FreezeViewAnswer = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('frozen'), version: z.string() }),
  z.object({ outcome: z.literal('refused'), code: z.enum(OUTCOME_CODES), because: z.string() }),
]);

export type FreezeViewInput = z.infer<typeof FreezeViewInput>;
export type FreezeViewAnswer = z.infer<typeof FreezeViewAnswer>;
/** That the function does not answer is an answer. */
export type FreezeView = (
  input: FreezeViewInput,
) => Promise<FreezeViewAnswer | { readonly outcome: 'silent'; readonly because: string }>;

export const isViewAsked = (event: unknown): boolean => FreezeViewInput.safeParse(event).success;
