/** What callers may know of the installation itself. */
import * as z from 'zod';

export const InstallationView = z
  .object({
    values: z.object({
      prefix: z.string().meta({ description: 'path that the names of value parameters begin with; may be empty' }),
      labelOrder: z.array(z.string()).meta({ description: 'labels that have layers, weakest first' }),
      bucket: z.string().meta({ description: 'where layers stand that are too long for Parameter Store' }),
    }),
  })
  .meta({ id: 'Installation' });

export type InstallationView = z.output<typeof InstallationView>;
