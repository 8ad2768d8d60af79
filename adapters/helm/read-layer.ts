/**
 * The map in one layer of values, read as helm reads a values file: YAML 1.1's words for true and false, dates as
 * text. A value `base64:…` is decoded first. What is broken is told with parameter, version, line and column, never with its text.
 */
import { type Document, isMap as isYamlMap, LineCounter, parseDocument, type ScalarTag, type Tags } from 'yaml';
import { isMap, type JsonMap } from '../../domain/json.ts';

export type ReadLayer =
  | { readonly ok: true; readonly values: JsonMap }
  | { readonly ok: false; readonly because: string };

/** Parameter Store holds 8 KB; base64 of it packed by hand, or a frozen copy, is not much more. */
const MAX_CHARACTERS = 1024 * 1024;
/** Each use of an anchor counts with all it stands for, so that ten lines cannot become ten gigabytes. */
const MAX_ALIASES = 1000;
const MAX_DEPTH = 100;

/** Parses `text` of parameter `name` at `version`. An empty layer is an empty map. */
export function readLayer(name: string, version: number, text: string): ReadLayer {
  const broken = (why: string): ReadLayer => ({ ok: false, because: `${name} version ${version} ${why}` });
  if (text.startsWith('s3://')) return broken('points to S3, which is not supported yet: put the values themselves');
  if (text.length > MAX_CHARACTERS) return broken(`has ${text.length} characters, more than ${MAX_CHARACTERS}`);
  const decoded = text.startsWith('base64:') ? decode(text.slice('base64:'.length)) : text;
  if (decoded === undefined) return broken('begins with base64: but what follows is not base64 of UTF-8 text');
  const lines = new LineCounter();
  const document = parseDocument(decoded, { version: '1.1', lineCounter: lines, customTags: asHelmReads });
  // Warnings are of tags (`!!binary`, `!secret`) that nobody here resolves: half-read values are worse than none.
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    return broken(`is not YAML at line ${line}, column ${col} (${error.code.toLowerCase().replaceAll('_', ' ')})`);
  }
  return readDocument(document, lines, broken);
}

function readDocument(document: Document, lines: LineCounter, broken: (why: string) => ReadLayer): ReadLayer {
  const { contents } = document;
  if (contents === null) return { ok: true, values: {} };
  const { line, col } = lines.linePos(contents.range?.[0] ?? 0);
  const place = `at line ${line}, column ${col}`;
  if (!isYamlMap(contents)) return broken(`is not a map ${place}`);
  const { values, why } = plain(document);
  if (why !== undefined) return broken(`${why} ${place}`);
  const odd = oddIn(values, '', 0);
  if (odd !== undefined) return broken(odd);
  return isMap(values) ? { ok: true, values } : broken(`is not a map ${place}`);
}

/** The parser finds some faults only when it puts the parts together, and throws then. */
function plain(document: Document): { readonly values?: unknown; readonly why?: string } {
  try {
    return { values: document.toJS({ maxAliasCount: MAX_ALIASES }) };
  } catch (error) {
    if (error instanceof ReferenceError) return { why: 'uses more aliases than it may' };
    if (error instanceof Error && /merge/i.test(error.message)) return { why: 'merges something that is no map' };
    throw error;
  }
}

/** What helm could not take as JSON, and where. */
function oddIn(value: unknown, path: string, depth: number): string | undefined {
  if (depth > MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH} levels`;
  if (typeof value === 'number' && !Number.isFinite(value)) return `has a number that JSON does not know at ${path}`;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, below] of Object.entries(value)) {
    const found = oddIn(below, path === '' ? key : `${path}.${key}`, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function decode(text: string): string | undefined {
  const compact = text.replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(compact, 'base64'));
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** YAML 1.2's octal numbers, which helm's reader knows beside those of 1.1. */
const octal: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?0o[0-7]+$/,
  resolve: (text) => (text.startsWith('-') ? -1 : 1) * Number(text.replace(/^[-+]/, '')),
};

/** Tags of YAML 1.1 that helm's reader (sigs.k8s.io/yaml) does not resolve: dates, base-60 numbers and sets stay text. */
function asHelmReads(tags: Tags): Tags {
  const isUnknown = (tag: Tags[number]) =>
    typeof tag !== 'string' &&
    (/timestamp|binary|omap|pairs|set$/.test(tag.tag) || ('format' in tag && tag.format === 'TIME'));
  return [octal, ...tags.filter((tag) => !isUnknown(tag))];
}
