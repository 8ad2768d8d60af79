import { runTool } from './run-tool.ts';
import { isAtLeast } from './version-order.ts';
import { OLDEST_PYTHON } from './versions.ts';

/** A Python that serves, or why none of those on PATH does. */
export type FoundPython =
  | { readonly found: true; readonly command: string; readonly version: string }
  | { readonly found: false; readonly because: string };

const CANDIDATES = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
/** Debian and Ubuntu ship `venv` without `ensurepip` until python3-venv is installed, so both are asked for. */
const PROBE = 'import sys; print(sys.version.split()[0]); import venv, ensurepip, zipfile';
const PROBE_TIMEOUT_MS = 10_000;

/**
 * The first Python on PATH that is at least 3.10 and can make virtual environments. Each candidate is run, not only looked up:
 * version managers put shims on PATH that end in "command not found".
 */
export async function findPython(env: Readonly<Record<string, string | undefined>>): Promise<FoundPython> {
  const tried: string[] = [];
  for (const command of CANDIDATES) {
    const end = await runTool({ command, args: ['-c', PROBE], env, timeoutMs: PROBE_TIMEOUT_MS });
    const version = end.stdout.trim();
    if (version === '') continue;
    if (!isAtLeast(version, OLDEST_PYTHON)) tried.push(`${command} is ${version}`);
    else if (end.code !== 0)
      tried.push(`${command} ${version} has no venv or ensurepip (on Debian and Ubuntu: apt install python3-venv)`);
    else return { found: true, command, version };
  }
  const seen = tried.length === 0 ? 'none is on PATH' : tried.join('; ');
  return { found: false, because: `python 3.10 or newer with venv is needed: ${seen}` };
}
