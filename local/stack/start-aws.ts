import { join } from 'node:path';
import { followFunctionLogs } from '../aws/follow-function-logs.ts';
import { type MiniStack, startMiniStack } from '../aws/ministack.ts';
import { rememberedPorts, rememberPort } from '../aws/remembered-ports.ts';
import { during } from './during.ts';
import type { StackStart } from './stack-start.ts';

/** The stack's MiniStack, on a port it had before when that is free. */
export async function startAws({ options, progress, stopper, logs, tools, onBroken }: StackStart): Promise<MiniStack> {
  const ministack = await during(progress, 'AWS (MiniStack)', async () =>
    startMiniStack({
      executable: tools.ministack,
      folder: join(options.folder, 'ministack'),
      log: join(logs, 'ministack.log'),
      ports: await rememberedPorts(options.cache, 'ministack'),
      env: options.functionsEnv,
    }),
  );
  void ministack.exited.then(() => onBroken('MiniStack'));
  await stopper.add('MiniStack', () => ministack.stop());
  const functionLogs = await followFunctionLogs({ endpoint: ministack.endpoint, folder: join(logs, 'functions') });
  await stopper.add("the functions' logs", () => functionLogs.stop());
  await rememberPort(options.cache, 'ministack', Number(new URL(ministack.endpoint).port));
  return ministack;
}
