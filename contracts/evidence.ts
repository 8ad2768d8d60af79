/** What was wrong when a release failed: kept in S3 before anything is rolled back. No Secret data, no environment variables. */
import * as z from 'zod';
import { CulpritShape, Failure } from './machines.ts';
import { Name, RolloutId, Time } from './name.ts';

export const Evidence = z
  .object({
    v: z.literal(1),
    rollout: RolloutId,
    package: Name,
    environment: Name,
    at: Time,
    failure: Failure,
    /** The ten lines a person reads first. */
    summary: z.array(z.string().max(300)).max(10),
    objects: z.array(CulpritShape).max(50),
    events: z
      .array(
        z.object({
          at: z.string().optional(),
          type: z.string(),
          reason: z.string(),
          object: z.string(),
          message: z.string().max(1000),
          count: z.int().optional(),
        }),
      )
      .max(100),
    logs: z
      .array(
        z.object({
          pod: z.string(),
          container: z.string(),
          previous: z.boolean(),
          lines: z.array(z.string().max(2000)).max(50),
        }),
      )
      .max(20),
    /** What helm said, at most its last lines. */
    helm: z.array(z.string().max(2000)).max(50).optional(),
  })
  .meta({ id: 'Evidence' });
export type Evidence = z.infer<typeof Evidence>;
