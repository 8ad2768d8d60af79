import { isAbsolute, join, resolve } from 'node:path';

/**
 * Where the running stack is written down, with its logs: `chosen` (`--folder`), else FAIRLEAD_STATE, else `$XDG_STATE_HOME/fairlead`, else
 * `~/.local/state/fairlead`. Another folder is another stack, beside the first.
 * @param env the variables of the process; `bin` passes `process.env`.
 * @throws when nothing says where.
 */
export function stateFolder(env: Readonly<Record<string, string | undefined>>, chosen?: string): string {
  const own = chosen ?? env['FAIRLEAD_STATE'];
  if (own !== undefined && own !== '') return resolve(own);
  const { XDG_STATE_HOME: xdg, HOME: home } = env;
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'fairlead');
  if (home !== undefined && isAbsolute(home)) return join(home, '.local', 'state', 'fairlead');
  throw new Error('no folder for the state of the stack: set FAIRLEAD_STATE, or HOME to an absolute path');
}
