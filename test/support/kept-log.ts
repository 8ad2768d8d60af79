import type { Log } from '../../domain/ports.ts';

/** A log that keeps its lines for a test to look at. */
export function keptLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep =
    (level: string) =>
    (message: string, fields: object = {}) =>
      void lines.push(JSON.stringify({ level, message, ...fields }));
  return { lines, info: keep('info'), warn: keep('warn'), error: keep('error') };
}
