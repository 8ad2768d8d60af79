/** A schema made ready for the validator, so that it judges as helm's does (https://github.com/santhosh-tekuri/jsonschema). */
import type { SchemaDraft } from '@cfworker/json-schema';
import { isMap, type JsonMap } from '../../domain/json.ts';

const DRAFTS: readonly (readonly [RegExp, SchemaDraft])[] = [
  [/draft-04/, '4'],
  // What draft 6 and 7 have in common is all that draft 6 has.
  [/draft-0[67]/, '7'],
  [/2019-09/, '2019-09'],
];

/** What `$schema` names; the newest when it names none, as helm takes it. */
export function draftOf(schema: JsonMap): SchemaDraft {
  const named = String(schema['$schema'] ?? '');
  return DRAFTS.find(([name]) => name.test(named))?.[1] ?? '2020-12';
}

/** Keywords whose maps have names of people's choice in place of keywords. */
const NAMED = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'dependencies']);
/** Keywords that hold data. */
const DATA = new Set(['const', 'enum', 'default', 'examples']);

/** A copy, for the validator writes into what it is given. Since 2019 a format is only a note. */
export function judged(schema: JsonMap, draft: SchemaDraft): JsonMap {
  const notes = draft === '2019-09' || draft === '2020-12';
  const copied = walk(schema, (key) => !(notes && key === 'format'));
  return isMap(copied) ? copied : {};
}

function walk(value: unknown, keep: (keyword: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => walk(one, keep));
  if (!isMap(value)) return value;
  const kept = Object.entries(value).filter(([key]) => keep(key));
  return Object.fromEntries(
    kept.map(([key, below]) => {
      if (DATA.has(key)) return [key, structuredClone(below)];
      if (!NAMED.has(key) || !isMap(below)) return [key, walk(below, keep)];
      return [key, Object.fromEntries(Object.entries(below).map(([name, one]) => [name, walk(one, keep)]))];
    }),
  );
}

/** The first reference that leads out of the schema's own text, if there is one; drafts themselves count as known. */
export function foreignReference(schema: JsonMap): string | undefined {
  const ids = new Set<string>();
  const references: string[] = [];
  walkAll(schema, (one) => {
    for (const id of [one['$id'], one['id']]) if (typeof id === 'string') ids.add(withoutFragment(id));
    if (typeof one['$ref'] === 'string') references.push(one['$ref']);
  });
  return references.find((reference) => /^[a-z][a-z0-9+.-]*:/i.test(reference) && !ids.has(withoutFragment(reference)));
}

const withoutFragment = (uri: string) => uri.split('#')[0] ?? '';

function walkAll(value: unknown, visit: (schema: JsonMap) => void): void {
  if (Array.isArray(value)) for (const one of value) walkAll(one, visit);
  if (!isMap(value)) return;
  visit(value);
  for (const [key, below] of Object.entries(value)) if (!DATA.has(key)) walkAll(below, visit);
}
