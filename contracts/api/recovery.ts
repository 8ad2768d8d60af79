/** After the table was restored to an earlier point: what it says of one release, compared with what helm says. */
import * as z from 'zod';
import { Name, Time } from '../name.ts';

export const RecoveryBody = z
  .strictObject({
    apply: z
      .boolean()
      .default(false)
      .meta({ description: 'let the table learn what stands there; default: only look' }),
  })
  .meta({ id: 'RecoveryBody' });

export const RecoveryView = z
  .object({
    environment: Name,
    package: Name,
    state: z.enum(['agrees', 'differs', 'recovered', 'at-work', 'unreadable']).meta({
      description:
        'recovered: it differed, and the table has learnt. at-work: somebody may be at work until `until`. unreadable: the cluster does not tell',
    }),
    findings: z.array(z.string()),
    person: z.string().exactOptional().meta({ description: 'what a person has to do besides' }),
    until: Time.exactOptional(),
  })
  .meta({ id: 'Recovery' });

export type RecoveryView = z.infer<typeof RecoveryView>;
