import type { Answer } from '../call.ts';
import type { Deps } from '../deps.ts';

/** GET /installation */
export async function getInstallation({ installation }: Deps): Promise<Answer> {
  return { status: 200, body: { values: installation.values } };
}
