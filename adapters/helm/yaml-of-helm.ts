/**
 * YAML as helm reads values (sigs.k8s.io/yaml over go-yaml): YAML 1.1's words for true and false, all kinds of octal
 * numbers, dates as text. `test/adapters/helm/read-as-helm.test.ts` holds it against helm itself.
 */
import {
  type Document,
  isScalar,
  LineCounter,
  parseDocument,
  type ScalarTag,
  type Tags,
  visit,
  YAMLParseError,
} from 'yaml';

/** A text, parsed; nothing in it has been put together yet. */
export interface ParsedYaml {
  readonly document: Document;
  readonly lines: LineCounter;
}

/** Parses without judging: faults stand in the document's `errors` and `warnings`. */
export function parseAsHelm(text: string): ParsedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.1',
    lineCounter: lines,
    customTags: asHelmReads,
    logLevel: 'error',
    // The parser would compare each key with each, which takes minutes for a large map.
    uniqueKeys: false,
  });
  document.errors.push(...saidTwice(document));
  return { document, lines };
}

/** Keys that a map has already, whatever they are written like; helm would take the last one. */
function saidTwice(document: Document): YAMLParseError[] {
  const found: YAMLParseError[] = [];
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<string>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        const text = String(key.value);
        const [start = 0, end = 0] = key.range ?? [];
        if (seen.has(text)) found.push(new YAMLParseError([start, end], 'DUPLICATE_KEY', 'the key is said twice'));
        seen.add(text);
      }
    },
  });
  return found;
}

/** What fits 64 bits is a number in these bases; what does not stays text (go-yaml's resolve.go). */
const MOST_POSITIVE = 2n ** 64n - 1n;
const MOST_NEGATIVE = 2n ** 63n;

const basedInt: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?0(?:[xX][0-9a-fA-F_]+|[bB][01_]+|[oO][0-7_]+|[0-7_]+)$/,
  resolve: (text) => {
    const [sign, digits] = text.startsWith('-') ? [-1, text.slice(1)] : [1, text.replace('+', '')];
    const bare = digits.replaceAll('_', '').replace(/^0(?=[0-7])/, '0o');
    // Octal digits that fit no number are read as decimal ones.
    const whole = /^0[box]?$/i.test(bare) ? undefined : BigInt(bare);
    if (whole !== undefined && whole <= (sign < 0 ? MOST_NEGATIVE : MOST_POSITIVE)) return sign * Number(whole);
    return /^0[0-7_]+$/.test(digits) ? sign * Number(digits.replaceAll('_', '')) : text;
  },
};

const float: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  test: /^[-+]?(?:\.[0-9][0-9_]*|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9][0-9_]*)?$/,
  resolve: (text) => {
    const number = Number(text.replaceAll('_', ''));
    // 1e400 is a word for helm, as it is no number of 64 bits.
    return Number.isFinite(number) ? number : text;
  },
};

/**
 * Tags of YAML 1.1 that helm's reader does not resolve are left out: dates, base-60 numbers and sets stay text. Of numbers only
 * plain digits and `.inf` and `.nan`, which a layer may not have anyway, are the parser's own.
 */
export function asHelmReads(tags: Tags): Tags {
  const isLeftOut = (tag: Tags[number]) =>
    typeof tag !== 'string' && (/timestamp|binary|omap|pairs|set$/.test(tag.tag) || isOtherNumber(tag));
  return [basedInt, float, ...tags.filter((tag) => !isLeftOut(tag))];
}

const isOtherNumber = (tag: Exclude<Tags[number], string>) =>
  /:(int|float)$/.test(tag.tag) && 'test' in tag && !tag.test?.test('1') && !tag.test?.test('.nan');
