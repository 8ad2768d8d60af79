/** Stages as people write them: in a rollout request, with a package, or as the installation's promotion order. */
import * as z from 'zod';
import { Labels, Name } from './name.ts';

/** Fields of later versions are refused by name rather than ignored: a gate that is not kept is worse than none. */
const later = (what: string) => z.never({ error: `${what} are not supported yet: leave the field out` }).optional();

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
    failureBudget: z
      .int()
      .min(0)
      .max(1000)
      .default(0)
      .meta({ description: 'deployments that may end badly before the line stops' }),
    gate: later('gates'),
  })
  .meta({ id: 'Stage' });

export const Stages = z
  .array(Stage)
  .min(1)
  .max(20)
  .refine((stages) => new Set(stages.map((s) => s.name)).size === stages.length, 'stage names must differ');

export type Stage = z.infer<typeof Stage>;
