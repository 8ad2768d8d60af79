/** `docs/reference/feature.schema.json`: what editors need to help with a chart's `Feature.yaml`. */
import * as z from 'zod';
import { FeatureFile } from '../../contracts/feature-file.ts';
import type { Generated } from './generated.ts';

/** The schema, of what a person writes. */
export function featureSchema(): readonly Generated[] {
  const schema = { title: 'Feature.yaml', ...z.toJSONSchema(FeatureFile, { io: 'input' }) };
  return [{ path: 'docs/reference/feature.schema.json', content: `${JSON.stringify(schema, undefined, 2)}\n` }];
}
