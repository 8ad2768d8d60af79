import { keys, ranges } from '../../../domain/keys.ts';
import type { Answer, Call } from '../call.ts';
import type { Deps } from '../deps.ts';
import { freezeView } from '../frozen-views.ts';
import { Refused } from '../refused.ts';

/** GET /freezes */
export async function listFreezes({ table, now, calendar }: Deps): Promise<Answer> {
  const freezes = await table.query(ranges.freezes());
  return { status: 200, body: { freezes: freezes.map((item) => freezeView(item, now(), calendar)) } };
}

/** GET /freezes/{freeze} */
export async function getFreeze({ table, now, calendar }: Deps, call: Call): Promise<Answer> {
  const found = await table.get(keys.freeze(call.freeze));
  if (found === undefined) throw new Refused('not-found', `there is no freeze ${call.freeze}`);
  return { status: 200, body: freezeView(found, now(), calendar) };
}
