/**
 * Reads a chart's `Feature.yaml` (docs/feature-yaml.md; the form is that of nais/fasit). Strict: what it does not know is
 * an error that names the line, the key, and what was probably meant.
 */
import { type Document, isNode, isScalar, isMap as isYamlMap, LineCounter, parseDocument, type Tags } from 'yaml';
import { isMap, type JsonMap } from '../domain/json.ts';
import type { Dependency, Feature, FeatureValue } from '../domain/values/feature/feature.ts';
import { notNestable, splitKey } from '../domain/values/layers/split-key.ts';
import { type FeatureFault, type Wrong, wrongOf } from './feature-faults.ts';
import { FeatureFile, FeatureValueFile, timeoutSeconds } from './feature-file.ts';

export type ReadFeature =
  | {
      readonly ok: true;
      readonly feature: Feature;
      /** Where each value stands, by its key. */
      readonly lines: ReadonlyMap<string, number>;
    }
  | {
      readonly ok: false;
      /** Names `Feature.yaml` and the line, and all faults. */
      readonly because: string;
      readonly faults: readonly FeatureFault[];
    };

const MAX_CHARACTERS = 1024 * 1024;
/** Each use of an anchor counts with all it stands for, so that ten lines cannot become ten gigabytes. */
const MAX_ALIASES = 1000;
const MOST_TOLD = 20;
/** As fasit has it: what is not more is the package's own. */
const LEAST_SECONDS = 10;

/** `file` as text, or as the bytes of UTF-8. */
export function readFeature(file: string | Uint8Array): ReadFeature {
  const text = typeof file === 'string' ? file : decoded(file);
  if (text === undefined) return faulty([{ line: 1, key: '', because: 'it is not UTF-8: save it as UTF-8' }]);
  if (text.length > MAX_CHARACTERS) {
    return faulty([{ line: 1, key: '', because: `it has ${text.length} characters, more than ${MAX_CHARACTERS}` }]);
  }
  const lines = new LineCounter();
  const document = parsed(text, lines);
  if (document === undefined) return faulty([{ line: 1, key: '', because: 'it is nested too deep' }]);
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    const what = error.code.toLowerCase().replaceAll('_', ' ');
    return faulty([{ line, key: '', because: `column ${col} is not YAML (${what})` }]);
  }
  const { root, why } = plain(document);
  if (why !== undefined) return faulty([{ line: 1, key: '', because: why }]);
  if (!isMap(root)) return faulty([{ line: 1, key: '', because: 'it is no map: it begins with environmentKinds:' }]);
  const read = features(root, oddKeys(document));
  const lineOf = (field: readonly string[]) => lines.linePos(offsetOf(document, field) ?? 0).line;
  if (read.wrong.length === 0 && read.feature !== undefined) {
    const places = read.feature.values.map(({ key }) => [key, lineOf(['values', key])] as const);
    return { ok: true, feature: read.feature, lines: new Map(places) };
  }
  return faulty(
    read.wrong
      .map(({ field, because }) => ({ line: lineOf(field), key: field.join('.'), because }))
      .sort((a, b) => a.line - b.line),
  );
}

function faulty(faults: readonly FeatureFault[]): ReadFeature {
  const said = faults.slice(0, MOST_TOLD).map(faultText);
  const more = faults.length > MOST_TOLD ? `; and ${faults.length - MOST_TOLD} more` : '';
  return { ok: false, because: `Feature.yaml ${said.join('; ')}${more}`, faults };
}

const faultText = ({ line, key, because }: FeatureFault) => `line ${line}: ${key === '' ? '' : `${key}: `}${because}`;

function features(root: JsonMap, odd: readonly Wrong[]): { wrong: readonly Wrong[]; feature?: Feature } {
  const { values: rawValues, ...rest } = root;
  const head = FeatureFile.omit({ values: true }).safeParse(rest);
  const wrong = [...odd, ...(head.error?.issues ?? []).flatMap((issue) => wrongOf(issue, root, []))];
  if (rawValues !== undefined && rawValues !== null && !isMap(rawValues)) {
    wrong.push({ field: ['values'], because: 'this is no map: write a line for each value' });
  }
  const values = Object.entries(isMap(rawValues) ? rawValues : {}).flatMap(([key, raw]): FeatureValue[] => {
    const split = splitKey(key);
    const parsed = FeatureValueFile.safeParse(raw);
    if (!split.ok) wrong.push({ field: ['values', key], because: split.because });
    wrong.push(...(parsed.error?.issues ?? []).flatMap((issue) => wrongOf(issue, root, ['values', key])));
    return split.ok && parsed.success ? [featureValue(key, split.path, parsed.data)] : [];
  });
  for (const { key, below } of notNestable(values)) {
    const because = `key ${key} is not nestable: ${below} stands below it`;
    wrong.push({ field: ['values', key], because });
  }
  if (!head.success) return { wrong };
  const { environmentKinds, dependencies = [], timeout = '' } = head.data;
  const seconds = timeoutSeconds(timeout);
  const feature: Feature = {
    environmentKinds,
    dependencies: dependencies.flatMap(({ allOf, anyOf }): Dependency[] => {
      if (allOf !== undefined) return [{ allOf }];
      return anyOf === undefined ? [] : [{ anyOf }];
    }),
    ...(seconds > LEAST_SECONDS && { timeoutSeconds: seconds }),
    values,
  };
  return { wrong, feature };
}

function featureValue(
  key: string,
  path: readonly string[],
  file: ReturnType<typeof FeatureValueFile.parse>,
): FeatureValue {
  const { displayName, description, required = false, config, computed, ignoreKind = [] } = file;
  return {
    key,
    path,
    ...(displayName !== undefined && { displayName }),
    ...(description !== undefined && { description }),
    required,
    ...(config !== undefined && { config: { type: config.type, secret: config.secret ?? false } }),
    ...(computed !== undefined && { computed }),
    ignoreKind,
  };
}

/** The parser calls itself for each level: what is nested thousands deep ends the stack. */
function parsed(text: string, lineCounter: LineCounter): Document | undefined {
  try {
    return parseDocument(text, { version: '1.1', lineCounter, logLevel: 'error', customTags: withoutOddities });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** The parser finds some faults only when it puts the parts together, and throws then. */
function plain(document: Document): { readonly root?: unknown; readonly why?: string } {
  try {
    return { root: document.toJS({ maxAliasCount: MAX_ALIASES }) };
  } catch (error) {
    if (error instanceof RangeError) return { why: 'it is nested too deep' };
    if (error instanceof ReferenceError) {
      return { why: 'it has an alias of nothing, or aliases of too much: put text that begins with * in quotes' };
    }
    if (error instanceof Error && /merge/i.test(error.message)) return { why: 'it merges something that is no map' };
    throw error;
  }
}

/** Keys that are no text (`on`, `5`, a map): nobody would find them again. */
function oddKeys(document: Document): readonly Wrong[] {
  const values = document.get('values', true);
  if (!isYamlMap(values)) return [];
  return values.items.flatMap(({ key }) => {
    // A symbol is the merge key `<<`.
    if (isScalar(key) && (typeof key.value === 'string' || typeof key.value === 'symbol')) return [];
    const written = isScalar(key) ? (key.source ?? '') : 'this';
    return [
      {
        field: ['values', String(key)],
        because: `${written.slice(0, 60)} is read as ${String(key).slice(0, 60)}: put it in quotes`,
      },
    ];
  });
}

/** Where the field begins; where it is missing, what should have it. */
function offsetOf(document: Document, field: readonly string[]): number | undefined {
  for (let length = field.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(field.slice(0, length - 1), true);
    const key = isYamlMap(parent)
      ? parent.items.find((pair) => String(pair.key) === field[length - 1])?.key
      : undefined;
    const node = key ?? document.getIn(field.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0];
}

/** As Go reads it: yes and no are true and false, dates are text. */
function withoutOddities(tags: Tags): Tags {
  return tags.filter((tag) => typeof tag === 'string' || !/timestamp|binary|omap|pairs|set$/.test(tag.tag));
}
