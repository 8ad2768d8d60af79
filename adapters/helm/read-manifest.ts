/** The objects in what helm rendered: many YAML documents in one text, lists among them taken apart. */
import { parseAllDocuments } from 'yaml';
import * as z from 'zod';
import type { ManifestObject } from '../../domain/release/release-history.ts';

const Rendered = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
  spec: z.record(z.string(), z.unknown()).optional(),
});
const RenderedList = z.looseObject({ kind: z.string().endsWith('List'), items: z.array(z.unknown()) });

/**
 * Every object of `manifest` that has a name, in its order; those without a namespace get `namespace`.
 * The text was accepted by helm already: what is no object is passed over.
 */
export function readManifest(manifest: string, namespace: string): readonly ManifestObject[] {
  const documents = parseAllDocuments(manifest, { version: '1.1', logLevel: 'silent', uniqueKeys: false });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => objectsIn(document.toJS({ maxAliasCount: 1000 }), namespace));
}

function objectsIn(value: unknown, namespace: string): readonly ManifestObject[] {
  const list = RenderedList.safeParse(value);
  if (list.success) return list.data.items.flatMap((item) => objectsIn(item, namespace));
  const found = Rendered.safeParse(value);
  if (!found.success) return [];
  const { apiVersion, kind, metadata, spec } = found.data;
  return [
    {
      apiVersion,
      kind,
      name: metadata.name,
      namespace: metadata.namespace ?? namespace,
      ...(spec === undefined ? {} : { spec }),
    },
  ];
}
