/** A log that says no secret: not in its message, not in its fields, not in an error's words or stack. */
import type { Log } from '../../domain/ports.ts';
import type { Redact } from '../../domain/values/secrets/redactor.ts';
import { hushedError } from './hushed-error.ts';

/** Deep enough for whatever is logged here. */
const DEEPEST = 8;

/** `redact` is asked anew for each line: what is known of secrets grows. */
export function hushedLog(log: Log, redact: Redact): Log {
  const fieldsOf = (fields: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, hushedValue(value, redact)]));
  return {
    info: (message, fields = {}) => log.info(redact(message), fieldsOf(fields)),
    warn: (message, fields = {}) => log.warn(redact(message), fieldsOf(fields)),
    error: (message, fields = {}) => log.error(redact(message), fieldsOf(fields)),
  };
}

/** A copy with every text below it masked. */
export function hushedValue(value: unknown, redact: Redact, depth = 0): unknown {
  if (typeof value === 'string') return redact(value);
  if (value instanceof Error) return hushedError(value, redact);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= DEEPEST) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => hushedValue(item, redact, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hushedValue(item, redact, depth + 1)]));
}
