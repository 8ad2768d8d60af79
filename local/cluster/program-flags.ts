/** `{ 'bind-address': '127.0.0.1' }` as Go programs read it: `--bind-address=127.0.0.1`, in the order given. */
export function programFlags(flags: Readonly<Record<string, string | number | boolean>>): string[] {
  return Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
}
