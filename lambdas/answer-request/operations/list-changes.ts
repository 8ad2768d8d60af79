import { ranges } from '../../../domain/keys.ts';
import type { Answer } from '../call.ts';
import { changeView } from '../change-views.ts';
import type { Deps } from '../deps.ts';

/** GET /values-changes */
export async function listChanges({ table }: Deps): Promise<Answer> {
  return { status: 200, body: { changes: (await table.query(ranges.changes())).map(changeView) } };
}
