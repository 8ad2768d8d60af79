/** `--override-freeze`, the same for everything that starts. */
import type { Call, Flag } from './command.ts';
import { WrongInvocation } from './failure.ts';
import { text } from './flags.ts';

export const OVERRIDE_FLAG = {
  'override-freeze': {
    type: 'string',
    value: 'REASON',
    says: 'operators: go on in spite of freezes that allow it, and say why; everybody sees it afterwards',
  },
} as const satisfies Record<string, Flag>;

/** The part of a body that overrides freezes; nothing when nobody asked for it. @throws WrongInvocation */
export function overrideOf({ flags }: Pick<Call, 'flags'>): { readonly overrideFreeze?: string } {
  const reason = text(flags, 'override-freeze');
  if (reason === undefined) return {};
  if (reason.trim() === '' || reason.length > 1000)
    throw new WrongInvocation('--override-freeze wants the reason, in 1 to 1000 characters');
  return { overrideFreeze: reason };
}
