/**
 * Which object helm could not even decode. It says the field and not whose it is: `json: cannot unmarshal number into Go
 * struct field ObjectMeta.metadata.annotations of type string` (helm v4.1.4). All texts, by
 * https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.35/#objectmeta-v1-meta
 */
import { parseAllDocuments } from 'yaml';
import * as z from 'zod';
import type { Culprit } from '../../domain/outcome.ts';

const FIELD =
  /cannot unmarshal \S+ into Go struct field ObjectMeta\.metadata\.(name|namespace|labels|annotations) of type string/;
const Rendered = z.looseObject({ kind: z.string(), metadata: z.record(z.string(), z.unknown()) });
const Texts = z.union([z.string(), z.record(z.string(), z.string())]);

/** The field that helm's words complain of, if they are of that kind. */
export function undecodedField(words: string): string | undefined {
  return FIELD.exec(words)?.[1];
}

/** The rendered objects whose `metadata.{field}` holds something else than text. Names the field, never its values. */
export function findUndecodable(rendered: string, field: string): readonly Culprit[] {
  const documents = parseAllDocuments(rendered, { version: '1.1', logLevel: 'silent', uniqueKeys: false });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const { data } = Rendered.safeParse(document.toJS({ maxAliasCount: 1000 }));
    const value = data?.metadata[field];
    if (data === undefined || value === undefined || value === null || Texts.safeParse(value).success) return [];
    const { kind, metadata } = data;
    return [
      {
        kind,
        name: String(metadata['name'] ?? ''),
        because: `metadata.${field} holds a value that is no text: quote it`,
      },
    ];
  });
}
