/** The values file that helm reads: JSON, which is YAML but for a few characters. */
import type { JsonMap } from '../../domain/json.ts';

/** JSON takes them as they are, YAML does not (https://yaml.org/spec/1.1/#c-printable); U+0085 and its like are line breaks there. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** The text of the file. */
export function valuesFile(values: JsonMap): string {
  return JSON.stringify(values).replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
