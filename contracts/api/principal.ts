/** Who did something, as it was proved. */
import * as z from 'zod';
import { VerifiedClaims } from '../verified-claims.ts';

export const StartedBy = z
  .object({
    role: z.string(),
    session: z.string(),
    account: z.string(),
    claims: VerifiedClaims.optional(),
    breakGlass: z.string().optional().meta({ description: 'the reason that was given for using the emergency role' }),
  })
  .meta({ id: 'StartedBy' });

/** Why the emergency role is used: percent-encoded, so that it may have any letters. */
export const BreakGlassReason = z
  .string()
  .min(1)
  .max(3000)
  .transform((text, context) => {
    try {
      return decodeURIComponent(text).trim();
    } catch {
      context.addIssue({ code: 'custom', message: 'a reason is percent-encoded (encodeURIComponent)' });
      return z.NEVER;
    }
  })
  .pipe(z.string().min(1, 'give a reason').max(1000))
  .meta({ description: 'percent-encoded; needed for every change by the emergency role' });
