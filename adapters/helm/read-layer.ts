/**
 * The map in one layer of values, read as helm reads a values file, and where its keys stand. A value `base64:…` is decoded
 * first. What is broken is told with parameter, version, line and column, never with its text.
 */
import { type Document, isMap as isYamlMap } from 'yaml';
import { isMap } from '../../domain/json.ts';
import type { LayerRead } from '../../domain/values/effective.ts';
import { layerText } from '../../domain/values/layers/layer-text.ts';
import { keyPositions } from './key-positions.ts';
import { oddIn, tooMuch } from './odd-values.ts';
import { unlikeHelm } from './unlike-helm.ts';
import { type ParsedYaml, parseAsHelm } from './yaml-of-helm.ts';

/** Each use of an anchor counts with all it stands for, so that ten lines cannot become ten gigabytes. */
const MAX_ALIASES = 1000;

/** Parses `value` of parameter `name` at `version`. An empty layer is an empty map. */
export function readLayer(name: string, version: number, value: string): LayerRead {
  const text = layerText(value);
  const read = text.ok ? readLayerText(text.text) : text;
  return read.ok ? read : broken(`${name} version ${version} ${read.because}`);
}

const broken = (because: string): LayerRead => ({ ok: false, because });

/** Parses the text of a layer as people write it; `because` begins with a verb. */
export function readLayerText(text: string): LayerRead {
  const parsed = shallow(() => parseAsHelm(text));
  if (parsed === undefined) return broken(TOO_DEEP);
  const { document, lines } = parsed;
  // Warnings are of tags (`!!binary`, `!secret`) that nobody here resolves: half-read values are worse than none.
  const [error] = [...document.errors, ...document.warnings];
  if (error === undefined) return readDocument(text, parsed);
  const { line, col } = lines.linePos(error.pos[0]);
  return broken(`is not YAML at line ${line}, column ${col} (${error.code.toLowerCase().replaceAll('_', ' ')})`);
}

function readDocument(text: string, { document, lines }: ParsedYaml): LayerRead {
  const unlike = shallow(() => ({ why: unlikeHelm(text, document, lines) }));
  if (unlike === undefined) return broken(TOO_DEEP);
  if (unlike.why !== undefined) return broken(unlike.why);
  const { contents } = document;
  if (contents === null) return { ok: true, values: {}, positions: new Map() };
  const { line, col } = lines.linePos(contents.range?.[0] ?? 0);
  const place = `at line ${line}, column ${col}`;
  if (!isYamlMap(contents)) return broken(`is not a map ${place}`);
  const { values, why } = plain(document);
  const trouble = why ?? tooMuch(values);
  if (trouble !== undefined) return broken(`${trouble} ${place}`);
  if (!isMap(values)) return broken(`is not a map ${place}`);
  const positions = keyPositions(document, lines);
  const odd = oddIn(values, positions);
  return odd === undefined ? { ok: true, values, positions } : broken(odd);
}

const TOO_DEEP = 'is nested too deep';

/** The parser calls itself for each level: what is nested thousands deep ends the stack. */
function shallow<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The parser finds some faults only when it puts the parts together, and throws then. */
function plain(document: Document): { readonly values?: unknown; readonly why?: string } {
  try {
    return { values: document.toJS({ maxAliasCount: MAX_ALIASES }) };
  } catch (error) {
    if (error instanceof RangeError) return { why: TOO_DEEP };
    if (error instanceof ReferenceError) return { why: 'uses more aliases than it may' };
    if (error instanceof Error && /merge/i.test(error.message)) return { why: 'merges something that is no map' };
    throw error;
  }
}
