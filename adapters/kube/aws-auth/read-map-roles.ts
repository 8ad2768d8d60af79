/** Reads the text of `mapRoles` (or `mapUsers`) as the authenticator does, and remembers where each entry stands. */
import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLSeq } from 'yaml';
import * as z from 'zod';
import type { FoundRole } from '../../../domain/aws-auth/map-role.ts';
import { type Layout, layoutOf } from './layout.ts';

export type Read =
  | {
      readonly readable: true;
      readonly entries: readonly FoundRole[];
      /** Each entry as it was parsed, to tell whether one changed. */
      readonly values: readonly unknown[];
      readonly layout: Layout;
    }
  | { readonly readable: false; readonly because: string };

/** More than any person writes; fewer than would fill the memory. */
const MOST_ALIASES = 100;
const Text = z.string().optional().catch(undefined);
const Entry = z.object({
  rolearn: Text,
  userarn: Text,
  username: Text,
  groups: z.array(z.string()).catch([]),
});

/**
 * Entries with their lines and places. An entry of an odd shape is read as far as it goes: it is somebody's, and the authenticator skips it.
 * Not readable is what the authenticator cannot read either: then it lets nobody in by this text, and changing it would be guessing.
 */
export function readMapRoles(text: string): Read {
  const lines = new LineCounter();
  // YAML 1.1 and merge keys, as Go's sigs.k8s.io/yaml reads it.
  const document = parseDocument(text, {
    keepSourceTokens: true,
    lineCounter: lines,
    version: '1.1',
    prettyErrors: false,
  });
  const [wrong] = document.errors;
  if (wrong !== undefined) {
    const { line, col } = lines.linePos(wrong.pos[0]);
    const byTab = /^ *\t/.test(text.split('\n')[line - 1] ?? '');
    const why = byTab ? 'the line is indented by a tab, which YAML does not allow' : words(wrong.message);
    return no(`is not YAML at line ${line}, column ${col}: ${why}`);
  }
  const { contents } = document;
  if (document.directives?.docEnd) return no("ends with '...', after which nothing can be added: take that line out");
  if (contents === null || (isScalar(contents) && contents.value === null && contents.source === '')) {
    return { readable: true, entries: [], values: [], layout: { style: 'none' } };
  }
  if (!isSeq(contents)) return no(`is no list but ${kindOf(contents)}: write [] where there is nothing`);
  return readList(text, document, contents, lines);
}

function readList(text: string, document: Document, list: YAMLSeq, lines: LineCounter): Read {
  const layout = layoutOf(text, list);
  let values: unknown;
  try {
    values = list.toJS(document, { maxAliasCount: MOST_ALIASES });
  } catch (error: unknown) {
    return no(`is not YAML: ${words(error instanceof Error ? error.message : String(error))}`);
  }
  if (layout === undefined || !Array.isArray(values) || values.length !== layout.spans.length) {
    return no('is written in a way that cannot be edited line by line: write each entry as a line that begins with -');
  }
  const entries = values.map((value: unknown, i) => ({
    line: lines.linePos(layout.spans[i]?.begin ?? 0).line,
    ...entryOf(value),
  }));
  return { readable: true, entries, values, layout };
}

/** Go's JSON decoder takes field names in whatever case, and the last of them. */
function entryOf(value: unknown): Omit<FoundRole, 'line'> {
  if (typeof value !== 'object' || value === null) return { groups: [] };
  const lower = Object.fromEntries(Object.entries(value).map(([key, field]) => [key.toLowerCase(), field]));
  const { rolearn, userarn, username, groups } = Entry.parse(lower);
  return { rolearn: rolearn ?? userarn, username, groups };
}

function kindOf(contents: unknown): string {
  if (isMap(contents)) return 'a map';
  return isScalar(contents) ? `'${String(contents.value).slice(0, 40)}'` : 'something else';
}

const no = (because: string): Read => ({ readable: false, because });
const words = (message: string) => {
  const first = (message.split('\n')[0] ?? '').replace(/[.:]$/, '');
  return `${first.charAt(0).toLowerCase()}${first.slice(1)}`;
};
