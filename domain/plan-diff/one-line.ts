/** Texts that others wrote, made fit to stand in a line of ours: no line breaks, and nothing that steers a terminal or turns text around. */

/** Line ends, control characters (escape sequences among them) and invisible ones become one blank. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}
