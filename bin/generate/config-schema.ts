/** `docs/reference/fairlead.schema.json`: what editors need to help with `fairlead.yaml`. */
import * as z from 'zod';
import { Config } from '../../contracts/config.ts';
import type { Generated } from './generated.ts';

/** The schema, of what a person writes: fields with defaults may be left out. */
export function configSchema(): readonly Generated[] {
  const schema = { title: 'fairlead.yaml', ...z.toJSONSchema(Config, { io: 'input' }) };
  return [{ path: 'docs/reference/fairlead.schema.json', content: `${JSON.stringify(schema, undefined, 2)}\n` }];
}
