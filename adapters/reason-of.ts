/** fetch hides the socket's words behind `fetch failed`: the last cause says them, or at least its name does. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message || error.name;
}
