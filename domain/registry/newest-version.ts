/** Which of these tags is the newest version? By https://semver.org/#spec-item-11; what is no version is passed over. */

const VERSION = /^v?(?<core>\d+\.\d+\.\d+)(-(?<pre>[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*))?(\+[0-9A-Za-z.-]+)?$/;

/** The highest release, or, where there is none, the highest pre-release; as helm does without `--devel`. */
export function newestVersion(tags: readonly string[]): string | undefined {
  const versions = tags.filter((tag) => VERSION.test(tag)).sort(compareVersions);
  return versions.findLast((version) => preOf(version) === undefined) ?? versions.at(-1);
}

/** Negative when `one` comes before `other`. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [coreOf(one), coreOf(other)];
  for (const [i, number] of a.entries()) if (number !== b[i]) return number < (b[i] ?? 0n) ? -1 : 1;
  return comparePre(preOf(one), preOf(other));
}

/** A pre-release comes before its release; more fields come after fewer; numbers come before words. */
function comparePre(one: string | undefined, other: string | undefined): number {
  if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
  const [a, b] = [one.split('.'), other.split('.')];
  for (const [i, field] of a.entries()) {
    const order = compareField(field, b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareField(one: string, other: string | undefined): number {
  if (other === undefined) return 1;
  const [number, otherNumber] = [one, other].map((field) => (/^\d+$/.test(field) ? BigInt(field) : undefined));
  if (number !== undefined && otherNumber !== undefined)
    return number < otherNumber ? -1 : Number(number > otherNumber);
  if (number !== undefined || otherNumber !== undefined) return number !== undefined ? -1 : 1;
  return one < other ? -1 : Number(one > other);
}

const coreOf = (version: string) => (VERSION.exec(version)?.groups?.['core'] ?? '0.0.0').split('.').map(BigInt);
const preOf = (version: string) => VERSION.exec(version)?.groups?.['pre'];
