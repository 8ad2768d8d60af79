import type * as z from 'zod';
import type { StartedBy } from '../contracts/api/principal.ts';
import type { Paint } from './paint.ts';
import { firstLine } from './plain.ts';

/** Who did it, for people: the role's session, the job that GitHub's token proved, and an emergency that nobody can overlook. */
export function whoLine(paint: Paint, { role, session, claims, breakGlass }: z.infer<typeof StartedBy>): string {
  const job = claims === undefined ? '' : ` (${claims.repository} ${claims.ref}, ${claims.actor})`;
  const emergency = breakGlass === undefined ? '' : ` ${paint('red', `BREAK-GLASS: ${firstLine(breakGlass)}`)}`;
  return `${firstLine(`${role}/${session}${job}`)}${emergency}`;
}
