/** A function's environment, read once and whole: what is missing is named together, values are never shown. */
import type * as z from 'zod';

/** The environment does not fit. `message` names every variable at fault. */
export class EnvironmentIncomplete extends Error {
  override readonly name = 'EnvironmentIncomplete';
}

/**
 * Parses `env` by `schema`.
 * @throws EnvironmentIncomplete naming every missing or malformed variable.
 */
export function parseEnv<S extends z.ZodObject>(
  schema: S,
  env: Readonly<Record<string, string | undefined>>,
): z.output<S> {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  const names = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))].sort();
  throw new EnvironmentIncomplete(`environment variables missing or malformed: ${names.join(', ')}`);
}
