/** Where a field stands in an object: keys of maps, and items of lists by what names them. */

/** A key of a map, or which item of a list. */
export type Step = string | { readonly item: string };
export type FieldPath = readonly Step[];

/** `spec.containers[name=web].image`; dots inside a key are written `\.`. */
export function textOfPath(path: FieldPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step !== 'string') return `${text}[${step.item}]`;
    const key = step.replaceAll('.', '\\.');
    return text === '' ? key : `${text}.${key}`;
  }, '');
}
