/** May a configured value be that? Never shows the value: it may be a secret. */
import { isMap } from '../../json.ts';
import type { ConfigType } from './feature.ts';

/** What is wrong, and how to write it; undefined when it fits. */
export function configTrouble(type: ConfigType, value: unknown): string | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? undefined : `must be text, and is ${asText(value)}`;
    case 'string_array':
      return listTrouble(value);
    case 'int':
      if (Number.isSafeInteger(value)) return undefined;
      if (typeof value === 'number') return 'must be a whole number, and has a fraction or is too large';
      return `must be a whole number, and is ${kindOf(value)}${typeof value === 'string' ? ': write it without quotes' : ''}`;
    case 'bool':
      return typeof value === 'boolean' ? undefined : `must be true or false without quotes, and is ${kindOf(value)}`;
  }
}

function listTrouble(value: unknown): string | undefined {
  if (!Array.isArray(value)) {
    const fix = typeof value === 'string' ? ': write it on a line that begins with -' : '';
    return `must be a list of texts, and is ${kindOf(value)}${fix}`;
  }
  const index = value.findIndex((item) => typeof item !== 'string');
  return index < 0 ? undefined : `must be a list of texts, and item ${index + 1} is ${asText(value[index])}`;
}

/** What is no text, and could be one. */
const asText = (value: unknown) =>
  typeof value === 'number' || typeof value === 'boolean' ? `${kindOf(value)}: quote it` : kindOf(value);

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (isMap(value)) return 'a map';
  if (value === null) return 'nothing';
  if (typeof value === 'string') return 'text';
  return typeof value === 'boolean' ? 'true or false' : 'a number';
}

export type Read = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly because: string };

/** A text that a reference came to, as the type wants it. */
export function readAs(type: ConfigType | undefined, text: string): Read {
  if (type === 'int') {
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    return Number.isSafeInteger(value) ? { ok: true, value } : { ok: false, because: 'refers to no whole number' };
  }
  if (type !== 'bool') return { ok: true, value: text };
  if (text === 'true' || text === 'false') return { ok: true, value: text === 'true' };
  return { ok: false, because: 'refers to something that is neither true nor false' };
}
