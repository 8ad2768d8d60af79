/** How a list of `aws-auth` is written down: where its entries stand, and how far they are indented. */
import { isMap, isScalar, isSeq, visit, type YAMLSeq } from 'yaml';

/** Offsets in the text; `end` is the first that does not belong to it. */
export interface Span {
  readonly begin: number;
  readonly end: number;
}

/** Whitespace as the other entries have it. */
export interface Indents {
  /** Before the dash. */
  readonly dash: string;
  /** Between the dash and the first field. */
  readonly gap: string;
  /** Between the column of `groups` and that of its dashes. */
  readonly groups: string;
}

export type Layout =
  | { readonly style: 'none' }
  /** `open` is where the list's content begins, right behind its bracket. */
  | { readonly style: 'flow'; readonly open: number; readonly spans: readonly Span[] }
  | { readonly style: 'block'; readonly indents: Indents; readonly spans: readonly Span[] };
export type ListLayout = Exclude<Layout, { style: 'none' }>;

export const USUAL_INDENTS: Indents = { dash: '', gap: ' ', groups: '  ' };

/** Undefined when the entries do not begin on lines of their own, or the last one has no end: a line break behind it would become part of it. */
export function layoutOf(text: string, list: YAMLSeq): ListLayout | undefined {
  const token = list.srcToken;
  if (token?.type === 'flow-collection') {
    const spans = list.items.map((item) => spanOf(item) ?? { begin: 0, end: 0 });
    return { style: 'flow', open: token.start.offset + 1, spans };
  }
  if (token?.type !== 'block-seq') return undefined;
  const dashes = token.items.flatMap(({ start }) => start.filter(({ type }) => type === 'seq-item-ind').slice(0, 1));
  const spans = dashes.map(({ offset }, i) => wholeLines(text, offset, spanOf(list.items[i])?.end ?? offset + 1));
  const [first] = dashes;
  if (first === undefined || dashes.some(({ offset }) => /\S/.test(beforeOnLine(text, offset)))) return undefined;
  if (!text.endsWith('\n') && endsInBlockScalar(list)) return undefined;
  return { style: 'block', spans, indents: indentsOf(text, list, first.offset) };
}

/** Text over several lines (`|` or `>`) as the very last thing. Parsers differ in whether its missing line break counts. */
function endsInBlockScalar(list: YAMLSeq): boolean {
  let last = false;
  visit(list, {
    Scalar: (_key, { type }) => {
      last = type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED';
    },
  });
  return last;
}

/** From the first to the last letter of a value; what a node ends with may be somebody's comment. */
function spanOf(item: unknown): Span | undefined {
  let [begin, end] = [Number.POSITIVE_INFINITY, -1];
  const seen = (range: readonly number[] | null | undefined) => {
    begin = Math.min(begin, range?.[0] ?? begin);
    end = Math.max(end, range?.[1] ?? end);
  };
  if (isScalar(item) || isMap(item) || isSeq(item)) {
    visit(item, {
      Scalar: (_key, node) => seen(node.range),
      Alias: (_key, node) => seen(node.range),
      Collection: (_key, node) => (node.flow ? seen(node.range) : undefined),
    });
  }
  return end < 0 ? undefined : { begin, end };
}

function wholeLines(text: string, dash: number, end: number): Span {
  const begin = text.lastIndexOf('\n', dash - 1) + 1;
  // A block scalar ends behind its line break already.
  if (text[end - 1] === '\n') return { begin, end };
  const lineEnd = text.indexOf('\n', end);
  return { begin, end: lineEnd < 0 ? text.length : lineEnd + 1 };
}

const beforeOnLine = (text: string, offset: number) => text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);

function indentsOf(text: string, list: YAMLSeq, dash: number): Indents {
  const gap = /^ +(?=[^\s#])/.exec(text.slice(dash + 1))?.[0] ?? USUAL_INDENTS.gap;
  return { dash: beforeOnLine(text, dash), gap, groups: groupsIndent(text, list) ?? USUAL_INDENTS.groups };
}

/** As the first entry that has a list on lines of its own has it. */
function groupsIndent(text: string, list: YAMLSeq): string | undefined {
  const pairs = list.items.flatMap((item) => (isMap(item) ? item.items : []));
  const depths = pairs.flatMap(({ key, value }) => {
    const dash = isSeq(value) && value.srcToken?.type === 'block-seq' ? value.srcToken.offset : undefined;
    const name = isScalar(key) ? key.range?.[0] : undefined;
    if (dash === undefined || name === undefined) return [];
    return beforeOnLine(text, dash).length - beforeOnLine(text, name).length;
  });
  const depth = depths.find((columns) => columns >= 0);
  return depth === undefined ? undefined : ' '.repeat(depth);
}
