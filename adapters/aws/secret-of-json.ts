/** One key of a secret that is a JSON map, as Secrets Manager's own console writes them. */
import * as z from 'zod';
import type { SecretAnswer } from '../../domain/values/ports.ts';

const Pairs = z.record(z.string(), z.unknown());

/** A text as it is; a number or truth value in its JSON form. `because` has no word of the secret but the key that was asked for. */
export function secretOfJson(text: string, key: string, what: string): SecretAnswer {
  const missing = (because: string): SecretAnswer => ({
    ok: false,
    code: 'values-missing',
    because: `${what} ${because}`,
  });
  const pairs = Pairs.safeParse(parsed(text));
  if (!pairs.success)
    return missing(`is no JSON map, so it has no key '${key}': leave '#${key}' out to take the whole text`);
  const value = Object.hasOwn(pairs.data, key) ? pairs.data[key] : undefined;
  if (value === undefined) return missing(`has no key '${key}'`);
  if (typeof value === 'string') return { ok: true, text: value };
  if (typeof value === 'number' || typeof value === 'boolean') return { ok: true, text: String(value) };
  return missing(`has no text under '${key}', but something else`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
