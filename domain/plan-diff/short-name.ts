/** Short names of fields that everybody knows; any other goes by its path. */

type Namer = readonly [pattern: RegExp, name: (parts: readonly string[], object: string) => string];

const plain = (key = '') => key.replaceAll('\\.', '.');
/** The container that a workload is named for needs no name. */
const of = (container = '', object = '') =>
  container === object || object.endsWith(`-${container}`) || object.startsWith(`${container}-`)
    ? ''
    : ` of ${container}`;

const CONTAINER = /(?:^|\.)(?:initC|c)ontainers\[name=([^\]]+)\]/.source;
const NAMES: readonly Namer[] = [
  [/^spec\.replicas$/, () => 'replicas'],
  [new RegExp(`${CONTAINER}\\.image$`), ([container], object) => `image${of(container, object)}`],
  [
    new RegExp(`${CONTAINER}\\.env\\[name=([^\\]]+)\\](?:\\.value)?$`),
    ([container, name], object) => `env ${name}${of(container, object)}`,
  ],
  [
    new RegExp(`${CONTAINER}\\.resources\\.(request|limit)s\\.(.+)$`),
    ([container, what, resource], object) => `${plain(resource)} ${what}${of(container, object)}`,
  ],
  [/^spec\.template\.metadata\.(label|annotation)s\.(.+)$/, ([what, key]) => `pod ${what} ${plain(key)}`],
  [/^metadata\.(label|annotation)s\.(.+)$/, ([what, key]) => `${what} ${plain(key)}`],
  [/^(?:data|stringData|binaryData)\.(.+)$/, ([key]) => `data ${plain(key)}`],
];

/** @param object the name of the object that has the field */
export function shortName(path: string, object: string): string {
  for (const [pattern, name] of NAMES) {
    const match = pattern.exec(path);
    if (match !== null) return name(match.slice(1), object);
  }
  return path;
}
