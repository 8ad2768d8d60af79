/**
 * One revision as helm stores it: a Secret `sh.helm.release.v1.{name}.v{n}` whose `data.release` is base64 (the
 * Secret's) of base64 (helm's) of gzipped JSON (https://github.com/helm/helm/blob/main/pkg/storage/driver/util.go).
 */
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { HELM_STATUSES, type HelmStatus, type RevisionContent } from '../../domain/release/release-history.ts';
import { readManifest } from './read-manifest.ts';

const StoredRelease = z.looseObject({
  name: z.string(),
  namespace: z.string().optional(),
  version: z.int(),
  info: z.looseObject({ status: z.string().optional(), description: z.string().optional() }).optional(),
  chart: z
    .looseObject({
      metadata: z.looseObject({ name: z.string().optional(), version: z.string().optional() }).optional(),
    })
    .optional(),
  manifest: z.string().optional(),
  hooks: z.array(z.looseObject({ manifest: z.string().optional(), events: z.array(z.string()).nullish() })).nullish(),
});

/** A release of 1 MiB (etcd's bound on a Secret) unpacks to a few; more is an attack. */
const MAX_UNPACKED = 64 * 1024 * 1024;

export type DecodedRelease =
  | { readonly ok: true; readonly content: Omit<RevisionContent, 'labels'> }
  | { readonly ok: false; readonly because: string };

/** `stored` is `data.release` as the API gives it. Values are left where they are. */
export function decodeRelease(stored: string, namespace: string): DecodedRelease {
  const unpacked = unpack(stored);
  const parsed = StoredRelease.safeParse(unpacked);
  if (!parsed.success) return { ok: false, because: 'helm stored it in a form that we cannot read' };
  const { version, info, chart, manifest, hooks } = parsed.data;
  const content = {
    revision: version,
    status: statusOf(info?.status),
    description: (info?.description ?? '').slice(0, 2000),
    chart: { name: chart?.metadata?.name ?? '', version: chart?.metadata?.version ?? '' },
    objects: readManifest(manifest ?? '', namespace),
    hooks: (hooks ?? []).flatMap(({ manifest: text, events }) =>
      readManifest(text ?? '', namespace).map(({ spec: _, ...ref }) => ({ ...ref, events: events ?? [] })),
    ),
  };
  return { ok: true, content };
}

/** A word that helm does not have (yet) counts as `unknown`. */
export function statusOf(word: string | undefined): HelmStatus {
  return HELM_STATUSES.find((status) => status === word) ?? 'unknown';
}

function unpack(stored: string): unknown {
  const bytes = Buffer.from(Buffer.from(stored, 'base64').toString('latin1'), 'base64');
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  try {
    const json = zipped ? gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED }) : bytes;
    return JSON.parse(json.toString('utf8'));
  } catch (error) {
    // zlib and JSON.parse speak of bytes of the release; its form is all that may be told.
    if (error instanceof Error) return undefined;
    throw error;
  }
}
