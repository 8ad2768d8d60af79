/** A line for a POSIX shell's eval that sets `name`: in single quotes, and a quote inside them as `'\''`. */
export function shellExport(name: string, value: string): string {
  return `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`;
}
