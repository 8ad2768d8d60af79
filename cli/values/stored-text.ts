/** The text of a layer as people write it, wherever it stands. */
import type { StoredVersion } from '../../contracts/layer-store.ts';
import { byteLength, layerText, utf8 } from '../../domain/values/layers/layer-text.ts';
import { readSpill } from '../../domain/values/layers/spill.ts';
import { Failed } from '../failure.ts';
import type { OpenLayers } from './open-layer.ts';

const EXIT_ERROR = 2;

/** How a layer stands in its parameter. */
export type Form = 'plain' | 'base64' | 's3';

export interface StoredText {
  readonly text: string;
  readonly form: Form;
  /** Of the text. */
  readonly bytes: number;
}

/** @throws Failed when it is packed wrongly, or what it points to is not there */
export async function textOf(
  { store }: Pick<OpenLayers, 'store'>,
  name: string,
  { version, value }: StoredVersion,
): Promise<StoredText> {
  const broken = (why: string) => new Failed(`${name} version ${version} ${why}`, EXIT_ERROR);
  const spill = readSpill(value);
  if (spill.is === 'broken') throw broken(spill.because);
  let [content, form]: [string, Form] = [value, formOf(value)];
  if (spill.is === 'spilled') {
    const found = await store.bucket(spill.at.bucket).read(spill.at);
    const place = `s3://${spill.at.bucket}/${spill.at.key}`;
    if (!found.found) throw broken(`points to ${place}, ${found.because}`);
    if (found.sha256 !== spill.at.sha256)
      throw broken(`points to ${place}, which says something else than when it was put`);
    const text = utf8(found.content);
    if (text === undefined) throw broken(`points to ${place}, which is not UTF-8 text`);
    [content, form] = [text, 's3'];
  }
  const read = layerText(content);
  if (!read.ok) throw broken(read.because);
  return { text: read.text, form, bytes: byteLength(read.text) };
}

/** Without reading what it points to. */
export function formOf(value: string): Form {
  if (readSpill(value).is !== 'plain') return 's3';
  return value.startsWith('base64:') ? 'base64' : 'plain';
}
