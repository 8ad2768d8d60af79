import * as z from 'zod';
import { StackOptions } from './stack-options.ts';
import { RunningStack } from './stack-state.ts';

/** What `up` tells its keeper. `detach`: live on without me. `stop`, and losing the channel before `detach`: stop everything and end. */
export const KeeperRequest = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('start'), options: StackOptions }),
  z.object({ ask: z.literal('detach') }),
  z.object({ ask: z.literal('stop') }),
]);
export type KeeperRequest = z.input<typeof KeeperRequest>;

/** What a keeper tells `up`: its progress, step by step, then one of the others. */
export const KeeperReport = z.discriminatedUnion('report', [
  z.object({
    report: z.literal('step'),
    id: z.int(),
    event: z.enum(['begin', 'update', 'done', 'fail']),
    text: z.string().optional(),
  }),
  z.object({ report: z.literal('ready'), stack: RunningStack }),
  z.object({ report: z.literal('taken'), found: z.enum(['starting', 'ready']), because: z.string() }),
  z.object({ report: z.literal('failed'), because: z.string() }),
  z.object({ report: z.literal('detached') }),
  /** Long after `ready`: a program of the stack has died, and the keeper stops the rest. */
  z.object({ report: z.literal('broken'), because: z.string() }),
]);
export type KeeperReport = z.infer<typeof KeeperReport>;
