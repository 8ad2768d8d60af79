/**
 * What do layers come to, and which of them set each value? As `mergeLayers` has it: maps merge, everything else
 * replaces; a `null` stays and shows what it takes away.
 */
import { isMap, type JsonMap } from '../../json.ts';
import type { Leaf, Origin, Path } from '../effective.ts';

/** One layer with what is known of its values. */
export interface Source {
  readonly values: JsonMap;
  readonly originAt: (path: Path) => Origin;
  readonly secretAt: (path: Path) => boolean;
}

type Overridden = Leaf['overrides'][number];
/** The higher, the stronger. */
type Ranked = Source & { readonly rank: number };
type Node = { readonly map: ReadonlyMap<string, Node> } | { readonly leaf: Leaf; readonly source: Ranked };

/** `sources` weakest first. */
export function traceLayers(sources: readonly Source[]): readonly Leaf[] {
  const ranked = sources.map((source, rank): Ranked => ({ ...source, rank }));
  const root = ranked.reduce<Node>((weak, source) => put(weak, source.values, [], source), { map: new Map() });
  return leavesOf(root);
}

function put(weak: Node | undefined, value: unknown, path: Path, source: Ranked): Node {
  if (isMap(value)) {
    const children = new Map(weak !== undefined && 'map' in weak ? weak.map : []);
    for (const [key, below] of Object.entries(value)) {
      children.set(key, put(children.get(key) ?? replaced(weak), below, [...path, key], source));
    }
    const isEmpty = children.size === 0;
    if (!isEmpty || (path.length === 0 && isEmpty)) return { map: children };
    if (weak !== undefined && 'leaf' in weak && isMap(weak.leaf.value)) return weak;
  }
  const leaf: Leaf = {
    path,
    value,
    secret: source.secretAt(path),
    origin: source.originAt(path),
    overrides: weak === undefined ? [] : overriddenBy(weak, path),
  };
  return { leaf, source };
}

/** What a map that comes over a single value replaces: each value in it stands in its place. */
function replaced(weak: Node | undefined): Node | undefined {
  if (weak === undefined || 'map' in weak) return undefined;
  return isMap(weak.leaf.value) ? undefined : weak;
}

/** What would stand there, strongest first; a map in as many parts as there are layers that it came from. */
function overriddenBy(weak: Node, path: Path): readonly Overridden[] {
  if ('leaf' in weak) {
    const { origin, value, secret, overrides } = weak.leaf;
    return [{ origin, value, secret }, ...overrides];
  }
  const nodes = leafNodes(weak);
  const strongestFirst = [...new Set(nodes.map(({ source }) => source))].toSorted((a, b) => b.rank - a.rank);
  return strongestFirst.map((source) => {
    const own = nodes.filter((node) => node.source === source);
    return {
      origin: source.originAt(path),
      value: partOf(weak, source),
      secret: own.some(({ leaf }) => leaf.secret),
    };
  });
}

function partOf(node: Node, source: Ranked): unknown {
  if ('leaf' in node) return node.leaf.value;
  const own = [...node.map].filter(([, below]) => leafNodes(below).some((leaf) => leaf.source === source));
  return Object.fromEntries(own.map(([key, below]) => [key, partOf(below, source)]));
}

const leafNodes = (node: Node): readonly { readonly leaf: Leaf; readonly source: Ranked }[] =>
  'leaf' in node ? [node] : [...node.map.values()].flatMap(leafNodes);

const leavesOf = (node: Node): readonly Leaf[] => leafNodes(node).map(({ leaf }) => leaf);
