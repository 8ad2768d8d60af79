import * as z from 'zod';

/** What note-change is told of its installation. */
export const Env = z.object({
  TABLE_NAME: z.string().min(1),
  /** What the names of value parameters begin with: a path ending in `/`, or nothing. */
  VALUES_PREFIX: z.string(),
});
