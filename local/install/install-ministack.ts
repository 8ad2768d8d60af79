import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createVenv } from './create-venv.ts';
import { cachedTool, type ToolContext } from './tool-context.ts';
import { VERSIONS } from './versions.ts';

const REQUIREMENTS = join(import.meta.dirname, 'ministack', 'requirements.txt');

/** MiniStack from PyPI, it and all it needs pinned. @returns the path of its program. @throws MachineLacks, or with pip's words */
export async function installMiniStack(context: ToolContext): Promise<string> {
  const folder = await cachedTool(context, {
    name: 'ministack',
    version: VERSIONS.ministack,
    title: `MiniStack ${VERSIONS.ministack}, the local AWS`,
    recipe: [await readFile(REQUIREMENTS, 'utf8')],
    build: async (temporary, home, update) => {
      const python = await context.python();
      await createVenv({ python, folder: temporary, home, install: ['-r', REQUIREMENTS], env: context.env, update });
    },
  });
  return join(folder, 'bin', 'ministack');
}
