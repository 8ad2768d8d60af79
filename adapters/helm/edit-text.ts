/** Changes one key in the text of a YAML map and touches nothing else: undefined where that takes more than a line or a few. */
import { type Document, isMap, isNode, isScalar, isSeq, type YAMLMap } from 'yaml';
import type { Path } from '../../domain/values/effective.ts';
import type { KeyChange } from '../../domain/values/layers/key-change.ts';
import { readLayerText } from './read-layer.ts';

/** The value behind `KEY=`; undefined when it is no YAML. */
export function yamlValue(text: string): { readonly value: unknown } | undefined {
  const read = readLayerText(`value: ${text}`);
  return read.ok && Object.keys(read.values).length === 1 ? { value: read.values['value'] } : undefined;
}

/** The text after `change`, if it can be made so; whoever uses it reads it again and compares. */
export function editText(text: string, document: Document, change: KeyChange): string | undefined {
  if (!('set' in change)) return withoutLines(text, document, change.path);
  const inPlace = replaced(text, document, change.path, change.set);
  return inPlace ?? inserted(text, document, change.path, change.set) ?? rewritten(text, document, change);
}

/** A value of several lines gives way to one line. */
function rewritten(text: string, document: Document, { path, set }: { readonly path: Path; readonly set: unknown }) {
  const map = mapAt(document, path.slice(0, -1));
  const pair = isBlock(map) ? pairOf(map, path) : undefined;
  const [, from] = rangeOf(pair?.key) ?? [];
  const [, to] = rangeOf(pair?.value) ?? [];
  if (from === undefined || to === undefined || anchorOf(pair?.value) !== undefined) return undefined;
  return `${text.slice(0, from)}: ${flowText(set)}\n${text.slice(lineEnd(text, to))}`;
}

/** A single value in place of a single value of one line. */
function replaced(text: string, document: Document, path: Path, value: unknown): string | undefined {
  const node = document.getIn(path, true);
  if (!isScalar(node) || node.anchor !== undefined || node.tag !== undefined || !node.range) return undefined;
  const [start, end] = node.range;
  const old = text.slice(start, end);
  if (old === '' || old.includes('\n') || /^[|>]/.test(old)) return undefined;
  const fresh = isSingle(value) ? scalarText(value) : undefined;
  return fresh === undefined ? undefined : text.slice(0, start) + fresh + text.slice(end);
}

/** A new key behind the last one of its map. */
function inserted(text: string, document: Document, path: Path, value: unknown): string | undefined {
  if (document.hasIn(path)) return undefined;
  const depth = path.findLastIndex((_, index) => isMap(mapAt(document, path.slice(0, index))));
  const map = mapAt(document, path.slice(0, depth));
  if (depth < 0 || !isBlock(map) || !map.range) return undefined;
  const indent = columnOf(text, map);
  if (indent === undefined) return undefined;
  const lines: string[] = [];
  for (const [index, key] of path.slice(depth).entries()) {
    const isLast = depth + index === path.length - 1;
    lines.push(`${' '.repeat(indent + 2 * index)}${scalarText(key)}:${isLast ? ` ${flowText(value)}` : ''}`);
  }
  const at = lineEnd(text, map.range[1]);
  const before = text.slice(0, at);
  return `${before}${before.endsWith('\n') ? '' : '\n'}${lines.join('\n')}\n${text.slice(at)}`;
}

/** The lines of a key and what is below it; what stands above stays. */
function withoutLines(text: string, document: Document, path: Path): string | undefined {
  const map = mapAt(document, path.slice(0, -1));
  if (!isBlock(map) || map.items.length < 2) return undefined;
  const pair = pairOf(map, path);
  const [from] = rangeOf(pair?.key) ?? [];
  const [, to] = rangeOf(pair?.value) ?? rangeOf(pair?.key) ?? [];
  if (from === undefined || to === undefined) return undefined;
  const start = text.lastIndexOf('\n', from - 1) + 1;
  if (text.slice(start, from).trim() !== '') return undefined;
  return text.slice(0, start) + text.slice(lineEnd(text, to));
}

const mapAt = (document: Document, path: Path) => (path.length === 0 ? document.contents : document.getIn(path, true));

const isBlock = (map: unknown): map is YAMLMap => isMap(map) && map.flow !== true && map.items.length > 0;

const pairOf = (map: YAMLMap, path: Path) =>
  map.items.find(({ key }) => isScalar(key) && String(key.value) === path.at(-1));

const anchorOf = (node: unknown) => (isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined);

const rangeOf = (node: unknown) => (isNode(node) ? (node.range ?? undefined) : undefined);

/** How far the map's keys are indented; undefined where the first stands behind something else. */
function columnOf(text: string, map: YAMLMap): number | undefined {
  const [start] = rangeOf(map.items[0]?.key) ?? [];
  if (start === undefined) return undefined;
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  return /^ *$/.test(line) ? line.length : undefined;
}

/** Behind the line feed of the line on which what ends at `offset` ends. */
function lineEnd(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === '\n') return offset;
  const found = text.indexOf('\n', offset);
  return found < 0 ? text.length : found + 1;
}

const isSingle = (value: unknown) => typeof value !== 'object' || value === null;

/** A value in one line; lists and maps as JSON has them, which is YAML, too. */
const flowText = (value: unknown): string => (isSingle(value) ? scalarText(value) : JSON.stringify(value));

function scalarText(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const isPlain = /^[A-Za-z0-9_./][A-Za-z0-9_./@+-]*$/.test(value) && yamlValue(value)?.value === value;
  return isPlain ? value : JSON.stringify(value);
}
