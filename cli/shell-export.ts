/** A line for a POSIX shell's eval that sets `name`: in single quotes, and a quote inside them as `'\''`. */
export function shellExport(name: string, value: string): string {
  return `export ${name}=${quoted(value)}`;
}

/** A line for a POSIX shell's eval that puts folders at the end of PATH: tools that the user has already come first. */
export function pathExport(folders: readonly string[]): string {
  return `export PATH="$PATH"${folders.map((folder) => `:${quoted(folder)}`).join('')}`;
}

const quoted = (value: string) => `'${value.replaceAll("'", String.raw`'\''`)}'`;
