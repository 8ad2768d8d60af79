import type { Progress } from '../progress.ts';
import { cacheKey } from './cache-key.ts';
import { ensureEntry } from './ensure-entry.ts';

/** What every installation is handed. */
export interface ToolContext {
  /** From `cacheFolder`. */
  readonly cache: string;
  readonly progress: Progress;
  /** The user's own environment: PATH, HOME, proxies, GOPROXY, PIP_INDEX_URL and so on reach pip and go unchanged. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The Python to build with; asked for only when something has to be built. @throws MachineLacks */
  readonly python: () => Promise<string>;
}

export interface CachedTool {
  readonly name: string;
  readonly version: string;
  /** What a person reads while it is built. */
  readonly title: string;
  /** See `CacheKeyParts.recipe`. */
  readonly recipe: readonly string[];
  build(folder: string, home: string, update: (text: string) => void): Promise<void>;
}

/** The folder of a tool in the cache, built with progress when it is not there yet; without a word when it is. */
export async function cachedTool({ cache, progress }: ToolContext, tool: CachedTool): Promise<string> {
  const { name, version, recipe, title } = tool;
  const key = cacheKey({ name, version, recipe, platform: process.platform, arch: process.arch });
  let waiting: ReturnType<Progress['step']> | undefined;
  const folder = await ensureEntry({
    cache,
    key,
    onWait: (pid) => {
      waiting = progress.step(`${title}: waiting for process ${pid}, which builds it already`);
    },
    build: async (temporary, home) => {
      const step = progress.step(title);
      try {
        await tool.build(temporary, home, (text) => step.update(text));
        step.done();
      } catch (error: unknown) {
        step.fail(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
        throw error;
      }
    },
  }).catch((error: unknown) => {
    waiting?.fail('that did not work out');
    throw error;
  });
  waiting?.done();
  return folder;
}
