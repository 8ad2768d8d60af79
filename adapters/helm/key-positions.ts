/** Where the keys of a YAML map stand. */
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type LineCounter, type YAMLMap } from 'yaml';
import { type Path, type Position, pathId } from '../../domain/values/effective.ts';

/**
 * Line and column of each key, by its path; what an alias or a merge brings stands where it was written. Keys inside lists are
 * left out: a list is replaced as one. It follows every alias, so measure what they come to before.
 */
export function keyPositions(document: Document, lines: LineCounter): ReadonlyMap<string, Position> {
  const found = new Map<string, Position>();
  const visit = (value: unknown, path: Path) => {
    const map = resolved(document, value);
    if (!isMap(map)) return;
    for (const pair of map.items) {
      const here = [...path, keyText(pair.key)];
      if (put(pair.key, pathId(here))) visit(pair.value, here);
    }
    for (const source of mergedInto(document, map)) visit(source, path);
  };
  /** What is there already wins over what is merged in. */
  const put = (key: unknown, id: string): boolean => {
    const start = isNode(key) && !isMergeKey(key) ? key.range?.[0] : undefined;
    if (start === undefined || found.has(id)) return false;
    const { line, col } = lines.linePos(start);
    found.set(id, { line, column: col });
    return true;
  };
  visit(document.contents, []);
  return found;
}

/** The maps of `<<`, strongest first (https://yaml.org/type/merge.html). */
function mergedInto(document: Document, map: YAMLMap): readonly unknown[] {
  return map.items.flatMap(({ key, value }) => {
    if (!isMergeKey(key)) return [];
    const source = resolved(document, value);
    return isSeq(source) ? source.items : [source];
  });
}

const resolved = (document: Document, value: unknown) => (isAlias(value) ? value.resolve(document) : value);

/** The parser gives a plain `<<` a symbol for its value; one in quotes is a key like any other. */
const isMergeKey = (key: unknown) => isScalar(key) && typeof key.value === 'symbol';

/** As the parser names the key when it puts the map together. */
function keyText(key: unknown): string {
  const value = isScalar(key) ? key.value : key;
  return value === null ? '' : String(value);
}
