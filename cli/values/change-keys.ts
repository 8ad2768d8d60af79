/**
 * Changes single keys of a layer while others may be at it, too. Parameter Store writes over whatever is there, so whoever finds
 * that he wrote over others puts back what they changed, unless they changed the very same keys: then somebody has to choose.
 */
import { at } from '../../domain/json.ts';
import { sameJson } from '../../domain/plan-diff/same-json.ts';
import { pathId, pathText } from '../../domain/values/effective.ts';
import { type KeyChange, keyChanges } from '../../domain/values/layers/key-change.ts';
import { Failed } from '../failure.ts';
import type { Ports } from '../ports.ts';
import type { OpenLayer } from './open-layer.ts';
import { type Saved, saveLayer } from './save-layer.ts';
import { textAt, versionWords } from './told-between.ts';

const EXIT_ERROR = 2;
/** Whoever edits that often at the same time is a program. */
const MOST_TRIES = 10;

export interface Changed {
  readonly saved: Saved;
  readonly before: string;
  readonly after: string;
}

type Texts = Pick<Ports, 'layerTexts'>;
type Between = Saved['between'][number];

/** Undefined when the layer says so already. @throws Failed when it cannot be changed, or others changed the same keys */
export async function changeKeys(
  ports: Texts,
  layer: OpenLayer,
  changes: readonly KeyChange[],
  advanced: boolean,
): Promise<Changed | undefined> {
  const found = await layer.store.get(layer.name);
  let base = found?.version ?? 0;
  let from = base;
  let before = (await textAt(layer, base)) ?? '';
  /** What those changed whom we wrote over, by key. */
  const others = new Map<string, KeyChange>();
  let last: Changed | undefined;
  for (let tries = 1; ; tries++) {
    const after = changedText(ports, layer, before, [...others.values(), ...changes]);
    // Nobody is missing from what stands there now.
    if (after === before && base !== last?.saved.version) return last;
    const saved = await saveLayer(layer, { text: after, base, from, advanced });
    last = { saved, before, after };
    const newest = saved.between.at(-1);
    if (newest === undefined) return last;
    for (const one of saved.between) {
      for (const change of await changesOf(ports, layer, one)) {
        refuseSame(layer, saved, one, change, changes);
        others.set(pathId(change.path), change);
      }
    }
    if (tries >= MOST_TRIES) throw cannot('others keep writing it', layer, saved, newest);
    ({ base, from, before } = await goesOnFrom(layer, saved, newest));
  }
}

function changedText({ layerTexts }: Texts, { name }: OpenLayer, text: string, changes: readonly KeyChange[]): string {
  const changed = layerTexts.change(text, changes);
  if (changed.ok) return changed.text;
  throw new Failed(`${name}: ${changed.because}`, EXIT_ERROR);
}

/** What somebody changed in the version that he began with; whoever does not tell which that was began with the one before. */
async function changesOf({ layerTexts }: Texts, layer: OpenLayer, { version, from = version - 1 }: Between) {
  const read = async (which: number) => layerTexts.read((await textAt(layer, which)) ?? '');
  const [old, now] = [await read(from), await read(version)];
  if (old.ok && now.ok) return keyChanges(old.values, now.values);
  throw new Failed(`${layer.name} version ${version} cannot be read: 'fairlead values diff ${layer.words}'`, 1);
}

/** Only one can be right where two want different things of one key, or of what is below it. */
function refuseSame(layer: OpenLayer, saved: Saved, by: Between, theirs: KeyChange, ours: readonly KeyChange[]): void {
  const touched = ours.find(({ path }) => isBelow(path, theirs.path) || isBelow(theirs.path, path));
  if (touched === undefined || wants(theirs, touched)) return;
  throw cannot(`${versionWords(by)} changed ${pathText(touched.path)} at the same time`, layer, saved, by);
}

const isBelow = (path: readonly string[], above: readonly string[]) => above.every((key, i) => path[i] === key);

/** Whether their change leaves at our key what ours does. */
function wants(theirs: KeyChange, ours: KeyChange): boolean {
  if (!isBelow(ours.path, theirs.path)) return false;
  const theirValue = 'set' in theirs ? at(theirs.set, ...ours.path.slice(theirs.path.length)) : undefined;
  return sameJson(theirValue, 'set' in ours ? ours.set : undefined);
}

function cannot(what: string, layer: OpenLayer, saved: Saved, theirs: Between): Failed {
  const back = `'fairlead values restore ${layer.words} --version ${theirs.version}' puts theirs back`;
  return new Failed(`${what}; ${layer.name} version ${saved.version} is yours, without what they wrote: ${back}`, 1);
}

/** From theirs, for its comments, while ours is the latest; else from what stands there now, whoever wrote it. */
async function goesOnFrom(layer: OpenLayer, saved: Saved, theirs: Between) {
  const now = (await layer.store.get(layer.name))?.version ?? saved.version;
  const from = now === saved.version ? theirs.version : now;
  return { base: now, from, before: (await textAt(layer, from)) ?? '' };
}
