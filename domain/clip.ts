/** Texts that others wrote are cut before they travel. */

/** At most `length` characters; what was cut shows as `…`. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
