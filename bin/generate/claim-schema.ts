/** `docs/reference/fairlead-claim.schema.json`: what editors need to help with a repository's `.fairlead.yaml`. */
import * as z from 'zod';
import { ClaimBody } from '../../contracts/api/claim.ts';
import type { Generated } from './generated.ts';

/** The schema, of what a person writes: fields with defaults may be left out. */
export function claimSchema(): readonly Generated[] {
  const schema = { title: '.fairlead.yaml', ...z.toJSONSchema(ClaimBody, { io: 'input' }) };
  return [{ path: 'docs/reference/fairlead-claim.schema.json', content: `${JSON.stringify(schema, undefined, 2)}\n` }];
}
