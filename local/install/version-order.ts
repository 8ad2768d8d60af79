/** The version in what a program says about itself (`go version go1.26.8 linux/amd64`, `Python 3.11.7`), as numbers; undefined when there is none. */
export function versionIn(text: string): readonly [number, number, number] | undefined {
  const found = /(?<![\d.])(\d+)\.(\d+)(?:\.(\d+))?/.exec(text.replace(/go(?=\d)/, 'go '));
  if (found === null) return undefined;
  const [, major, minor, patch] = found;
  return [Number(major), Number(minor), Number(patch ?? 0)];
}

/** Whether the version in `text` is `oldest` or newer. A text without a version is not. Both are read by `versionIn`. */
export function isAtLeast(text: string, oldest: string): boolean {
  const have = versionIn(text);
  const want = versionIn(oldest);
  if (have === undefined || want === undefined) return false;
  for (const [i, part] of have.entries()) {
    const other = want[i] ?? 0;
    if (part !== other) return part > other;
  }
  return true;
}
