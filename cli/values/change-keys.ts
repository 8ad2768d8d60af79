/**
 * Changes single keys of a layer while others may be at it, too: what they wrote meanwhile stays, with our keys changed in it, unless
 * they changed very these keys.
 */
import { isDeepStrictEqual } from 'node:util';
import type { KeyChange } from '../../contracts/layer-store.ts';
import { at } from '../../domain/json.ts';
import { pathText } from '../../domain/values/effective.ts';
import { Failed } from '../failure.ts';
import type { Ports } from '../ports.ts';
import type { OpenLayer } from './open-layer.ts';
import { type Saved, saveLayer } from './save-layer.ts';
import { textAt, versionWords } from './told-between.ts';

const EXIT_ERROR = 2;
/** Whoever edits that often at the same time is a program. */
const MOST_TRIES = 5;

export interface Changed {
  readonly saved: Saved;
  readonly before: string;
  readonly after: string;
}

type Texts = Pick<Ports, 'layerTexts'>;

/** Undefined when the layer says so already. @throws Failed when it cannot be changed, or others changed the same keys */
export async function changeKeys(
  ports: Texts,
  layer: OpenLayer,
  changes: readonly KeyChange[],
  advanced: boolean,
): Promise<Changed | undefined> {
  const found = await layer.store.get(layer.name);
  let base = found?.version ?? 0;
  let before = (await textAt(layer, base)) ?? '';
  for (let tries = 1; ; tries++) {
    const after = changedText(ports, layer, before, changes);
    if (after === before && tries === 1) return undefined;
    const saved = await saveLayer(layer, { text: after, base, advanced });
    const last = saved.between.at(-1);
    if (last === undefined) return { saved, before, after };
    const theirs = (await textAt(layer, last.version)) ?? '';
    const key = changedBoth(ports, before, theirs, changes);
    if (key !== undefined || tries >= MOST_TRIES) {
      const what =
        key === undefined ? 'others keep writing it' : `${versionWords(last)} changed ${key} at the same time`;
      const back = `'fairlead values restore ${layer.words} --version ${last.version}' puts theirs back`;
      throw new Failed(`${what}; ${layer.name} version ${saved.version} is yours, without what they wrote: ${back}`, 1);
    }
    // Ours stands over theirs for a moment: theirs again, with our keys.
    [base, before] = [saved.version, theirs];
  }
}

function changedText({ layerTexts }: Texts, { name }: OpenLayer, text: string, changes: readonly KeyChange[]): string {
  const changed = layerTexts.change(text, changes);
  if (changed.ok) return changed.text;
  throw new Failed(`${name}: ${changed.because}`, EXIT_ERROR);
}

/** A key of ours that is not what it was in theirs. */
function changedBoth(
  { layerTexts }: Texts,
  before: string,
  theirs: string,
  changes: readonly KeyChange[],
): string | undefined {
  const [old, now] = [layerTexts.read(before), layerTexts.read(theirs)];
  if (!old.ok || !now.ok) return 'what cannot be read any more';
  const touched = changes.find(({ path }) => !isDeepStrictEqual(at(old.values, ...path), at(now.values, ...path)));
  return touched === undefined ? undefined : pathText(touched.path);
}
