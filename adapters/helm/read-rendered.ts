/** The objects of a rendered chart as helm sends them: with the marks by which it knows its own, and in a namespace. */
import { parseAllDocuments } from 'yaml';
import * as z from 'zod';
import type { JsonMap } from '../../domain/json.ts';
import type { RenderedObject } from '../../domain/plan-diff/dry-run.ts';
import type { RenderedHook } from '../../domain/plan-diff/preview-sight.ts';
import type { HelmRelease } from '../../domain/release/helm.ts';
import { asHelmReads } from './yaml-of-helm.ts';

const text = z.string();
const Shape = z.looseObject({
  apiVersion: text,
  kind: text,
  metadata: z.looseObject({
    name: text,
    namespace: text.optional(),
    labels: z.record(text, z.unknown()).nullish(),
    annotations: z.record(text, z.unknown()).nullish(),
  }),
});
const ShapeOfList = z.looseObject({ kind: text.endsWith('List'), items: z.array(z.unknown()) });
const HOOK = 'helm.sh/hook';

/** In their order; what is no object is passed over, for helm has taken it already. */
export function readRendered(
  manifest: string,
  of: HelmRelease,
): { readonly objects: readonly RenderedObject[]; readonly hooks: readonly RenderedHook[] } {
  const found = valuesIn(manifest).flatMap(objectsIn);
  return {
    objects: found.flatMap((object) => (isHook(object) ? [] : [marked(object, of)])),
    hooks: found.flatMap((object) => (isHook(object) ? [hookOf(object)] : [])),
  };
}

/** As helm reads them; a use of an anchor counts with all it stands for. */
function valuesIn(text: string): readonly unknown[] {
  const documents = parseAllDocuments(text, {
    ...{ version: '1.1', customTags: asHelmReads, logLevel: 'silent', uniqueKeys: false },
  });
  return Array.isArray(documents) ? documents.map((document) => document.toJS({ maxAliasCount: 1000 })) : [];
}

type Found = z.infer<typeof Shape>;

function objectsIn(value: unknown): readonly Found[] {
  const list = ShapeOfList.safeParse(value);
  if (list.success) return list.data.items.flatMap(objectsIn);
  const found = Shape.safeParse(value);
  return found.success ? [found.data] : [];
}

const isHook = ({ metadata }: Found) => Object.hasOwn(metadata.annotations ?? {}, HOOK);

function hookOf({ kind, metadata }: Found): RenderedHook {
  const events = String(metadata.annotations?.[HOOK] ?? '').split(',');
  return { kind, name: metadata.name, events: events.map((event) => event.trim()) };
}

/** As helm marks what it applies (https://github.com/helm/helm/blob/main/pkg/action/validate.go, setMetadataVisitor). */
function marked(object: Found, { release, namespace }: HelmRelease): RenderedObject {
  const { apiVersion, kind, metadata } = object;
  const own = metadata.namespace ?? namespace;
  const content: JsonMap = {
    ...withoutNulls(object),
    metadata: {
      ...withoutNulls(metadata),
      labels: { ...metadata.labels, 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: {
        ...metadata.annotations,
        'meta.helm.sh/release-name': release,
        'meta.helm.sh/release-namespace': namespace,
      },
    },
  };
  return { apiVersion, kind, name: metadata.name, namespace: own, content };
}

/** `labels:` without anything is nothing. */
function withoutNulls(map: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== null));
}

/** Of definitions in `crds/`: the kinds that they bring, as `group/kind`. */
export function kindsBrought(crds: string): readonly string[] {
  return valuesIn(crds).flatMap((value) => {
    const found = Definition.safeParse(value);
    return found.success ? [`${found.data.spec.group}/${found.data.spec.names.kind}`] : [];
  });
}

const Definition = z.looseObject({
  kind: z.literal('CustomResourceDefinition'),
  spec: z.looseObject({ group: text, names: z.looseObject({ kind: text }) }),
});
