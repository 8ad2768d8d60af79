import * as z from 'zod';

/** What the guard is asked to do, over the channel whose closing means that its parent is gone. */
export const GuardRequest = z.discriminatedUnion('ask', [
  z.strictObject({
    ask: z.literal('start'),
    id: z.int(),
    command: z.string(),
    args: z.array(z.string()),
    env: z.record(z.string(), z.string()),
    cwd: z.string(),
    log: z.string(),
  }),
  z.strictObject({ ask: z.literal('stop'), id: z.int(), graceMs: z.int().nonnegative() }),
]);
export type GuardRequest = z.infer<typeof GuardRequest>;

/** How a child ended: exactly one of the two is not null, as in Node's `exit` event. */
export const ChildEnd = z.strictObject({ code: z.int().nullable(), signal: z.string().nullable() });
export type ChildEnd = z.infer<typeof ChildEnd>;

/** What the guard reports about a child, by the id it was asked to start it under. */
export const GuardReport = z.discriminatedUnion('report', [
  z.strictObject({ report: z.literal('started'), id: z.int(), pid: z.int().positive() }),
  z.strictObject({ report: z.literal('failed'), id: z.int(), because: z.string() }),
  z.strictObject({ report: z.literal('exited'), id: z.int(), end: ChildEnd }),
]);
export type GuardReport = z.infer<typeof GuardReport>;
