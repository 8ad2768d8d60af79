/** An answer that lets the machine come back later. */
export function busy({ until, because }: { readonly until: string; readonly because: string }, now: Date) {
  const seconds = Math.ceil((Date.parse(until) - now.getTime()) / 1000);
  return { outcome: 'busy' as const, until, seconds: Math.min(900, Math.max(1, seconds)), because };
}
