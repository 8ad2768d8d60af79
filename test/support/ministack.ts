import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MiniStack, startMiniStack } from '../../local/aws/ministack.ts';
import { cacheFolder } from '../../local/install/cache-folder.ts';
import { ensureToolsForOwnCluster } from '../../local/install/ensure-tools.ts';
import { silentProgress } from '../../local/progress.ts';

/**
 * An empty MiniStack of a test file's own, half a second after it was asked for. `stop` in `afterAll` ends it and removes its folder.
 * SDK clients for it: `new DynamoDBClient(localClient(ministack.endpoint))` (local/aws/local-clients.ts).
 */
export async function testMiniStack(env: Readonly<Record<string, string>> = {}): Promise<MiniStack> {
  const tools = await ensureToolsForOwnCluster({
    cache: cacheFolder(process.env),
    progress: silentProgress,
    env: process.env,
  });
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-ministack-'));
  const ministack = await startMiniStack({
    executable: tools.ministack,
    folder,
    env,
    log: join(folder, 'ministack.log'),
  });
  return {
    ...ministack,
    async stop() {
      await ministack.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
