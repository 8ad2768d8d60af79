/** What our parser reads and helm's refuses or reads otherwise: told before anybody relies on it. */
import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node, visit, type YAMLMap } from 'yaml';

/** go-yaml takes these characters only (its readerc.go); YAML 1.1 section 5.1 has the same, and U+0085, which it takes for a line break. */
const UNPRINTABLE = /[^\t\n\r\u0020-\u007e\u00a0-\ufffd\u{10000}-\u{10ffff}]|(?!^)\ufeff/u;

/** Why helm could not read this text, or would not read it as we do; begins with a verb. */
export function unlikeHelm(text: string, document: Document, lines: LineCounter): string | undefined {
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `at line ${line}, column ${col}`;
  };
  const odd = UNPRINTABLE.exec(text);
  if (odd !== null) return `has a character that YAML does not allow ${place(odd.index)}`;
  if (document.directives?.yaml.explicit === true) return `has a %YAML directive, which helm does not take`;
  let found: string | undefined;
  visit(document, {
    Map(_, map) {
      found = wrongKey(map, place) ?? wrongMerge(document, map, place);
      return found === undefined ? undefined : visit.BREAK;
    },
  });
  return found;
}

type Place = (offset: number) => string;

function wrongKey(map: YAMLMap, place: Place): string | undefined {
  for (const { key } of map.items) {
    const value = isScalar(key) ? key.value : undefined;
    const isText = value !== undefined && value !== null && !(typeof value === 'number' && !Number.isFinite(value));
    if (isText || isAlias(key)) continue;
    return `has a key that is no text ${place(startOf(key) ?? startOf(map) ?? 0)}`;
  }
  return undefined;
}

/** helm lets what is merged in win over keys that stand before it, against https://yaml.org/type/merge.html. */
function wrongMerge(document: Document, map: YAMLMap, place: Place): string | undefined {
  const before = new Set<string>();
  for (const { key, value } of map.items) {
    if (!isMergeKey(key)) {
      if (isScalar(key)) before.add(String(key.value));
      continue;
    }
    const merged = sourcesOf(document, value).flatMap((source) => (isMap(source) ? [...source.items] : []));
    const overridden = merged.some((pair) => isScalar(pair.key) && before.has(String(pair.key.value)));
    if (overridden) return `merges keys over those that stand before it ${place(startOf(key) ?? 0)}: put << first`;
  }
  return undefined;
}

function sourcesOf(document: Document, value: unknown): readonly unknown[] {
  const resolve = (one: unknown) => (isAlias(one) ? one.resolve(document) : one);
  const source = resolve(value);
  return isSeq(source) ? source.items.map(resolve) : [source];
}

const isMergeKey = (key: unknown) => isScalar(key) && typeof key.value === 'symbol';

const startOf = (node: unknown): number | undefined => (node as Partial<Node> | null)?.range?.[0];
