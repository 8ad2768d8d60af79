/** YAML or JSON that a workflow's author wrote, as its schema has it. */
import { type Document, LineCounter, parseDocument, visit } from 'yaml';
import type * as z from 'zod';
import { wrongInput } from './stopped.ts';

/** More than any person writes; fewer than would fill the memory. https://eemeli.org/yaml/#tojs-options */
const MOST_ALIASES = 100;

/**
 * Parses `text` and checks it.
 * @param source how people call it: `values`, or `stages-file (path)`
 * @throws Stopped naming source, place and what is wrong; never the text itself, which may hold secrets
 */
export function readYaml<S extends z.ZodType>(text: string, source: string, schema: S): z.output<S> {
  const found = schema.safeParse(parsed(text, source));
  if (found.success) return found.data;
  const lines = found.error.issues.map(({ path, message }) => {
    const at = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
    return `${source}${at}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
  });
  throw wrongInput(lines.join('\n'));
}

function parsed(text: string, source: string): unknown {
  const counter = new LineCounter();
  // Tags beside JSON's (`!!set`, `!!binary`) would become something else on the way; warnings of Node's would repeat keys.
  const document = parseDocument(text, { lineCounter: counter, logLevel: 'error', resolveKnownTags: false });
  const { errors, warnings } = document;
  const [wrong] = [...errors, ...warnings, ...aliasesOfNothing(document)];
  if (wrong !== undefined) {
    const { line, col } = counter.linePos(wrong.pos[0]);
    throw wrongInput(`${source}: line ${line}, column ${col}: not YAML (${wordsOf(wrong.code)})`);
  }
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error: unknown) {
    if (!(error instanceof ReferenceError)) throw error;
    throw wrongInput(`${source}: not YAML (more aliases than it may have)`);
  }
}

interface Wrong {
  readonly code: string;
  readonly pos: readonly [number, number];
}

/** The parser's own words would repeat what stands there. */
function wordsOf(code: string): string {
  if (code === NO_ANCHOR) return 'an alias of nothing: put text that begins with * in quotes';
  return code.toLowerCase().replaceAll('_', ' ');
}

const NO_ANCHOR = 'NO_ANCHOR';

function aliasesOfNothing(document: Document): Wrong[] {
  const found: Wrong[] = [];
  const anchors = new Set<string>();
  visit(document, {
    Value(_, { anchor }) {
      if (anchor !== undefined) anchors.add(anchor);
    },
    Alias(_, { source, range }) {
      if (!anchors.has(source)) found.push({ code: NO_ANCHOR, pos: [range?.[0] ?? 0, range?.[1] ?? 0] });
    },
  });
  return found;
}
