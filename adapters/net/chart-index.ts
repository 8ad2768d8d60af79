/** The `index.yaml` of a helm repository (https://helm.sh/docs/topics/chart_repository/#the-index-file), as far as one chart is concerned. */
import { parse } from 'yaml';
import * as z from 'zod';

export interface IndexedVersion {
  readonly version: string;
  /** As the index has it: whole, or relative to the index. */
  readonly url: string;
  /** sha256 of the archive, in hex. */
  readonly digest?: string;
}

const Versions = z.array(
  z.object({ version: z.string(), urls: z.array(z.string()).min(1), digest: z.string().nullish() }),
);
const Index = z.object({ entries: z.record(z.string(), z.unknown()) });

/** Only the text of one chart is parsed where it can be cut out, for there are indexes of 20 MB. Elsewhere they may be this long. */
const MOST_WHOLE = 2 * 1024 * 1024;
const MOST_ENTRY = 4 * 1024 * 1024;

export type ReadIndex =
  | { readonly ok: true; readonly versions: readonly IndexedVersion[] }
  | { readonly ok: false; readonly because: string };

/** All versions of `name`; none when the index does not have it. Entries that are no versions of a chart are passed over. */
export function readIndex(text: string, name: string): ReadIndex {
  const entry = entryIn(text, name);
  if (entry !== undefined && entry.length > MOST_ENTRY)
    return { ok: false, because: 'has too many versions of this chart' };
  if (entry === undefined && text.length > MOST_WHOLE)
    return { ok: false, because: 'is too long, and not in the form in which helm writes it' };
  try {
    // Everything stays text: `1.10` is a version, and a digest of nothing but digits is no number.
    const index = Index.safeParse(parse(entry ?? text, { schema: 'failsafe', maxAliasCount: 100, logLevel: 'error' }));
    if (!index.success) return { ok: false, because: 'is no index of a helm repository' };
    const found = Object.hasOwn(index.data.entries, name) ? index.data.entries[name] : [];
    const all = z.array(z.unknown()).safeParse(found).data ?? [];
    const versions = all.flatMap((one) => Versions.element.safeParse(one).data ?? []);
    return { ok: true, versions: versions.map(versionOf) };
  } catch {
    return { ok: false, because: 'is not YAML' };
  }
}

function versionOf({ version, urls, digest }: z.output<typeof Versions>[number]): IndexedVersion {
  const hex = digest?.replace(/^sha256:/, '');
  return { version, url: urls[0] ?? '', ...(hex && { digest: hex }) };
}

/** As helm writes an index: names stand two spaces in, their versions below. Undefined where it is written otherwise. */
function entryIn(text: string, name: string): string | undefined {
  if (!/^entries:[ \t]*\r?$/m.test(text)) return undefined;
  const starts = [`\n  ${name}:`, `\n  "${name}":`, `\n  '${name}':`].map((start) => text.indexOf(start));
  const start = Math.max(...starts);
  if (start < 0) return '{ entries: {} }';
  const line = text.indexOf('\n', start + 1);
  const next = /^ {0,2}[^\s#-]/m.exec(text.slice(line + 1));
  return `entries:${text.slice(start, next === null ? text.length : line + 1 + next.index)}`;
}
