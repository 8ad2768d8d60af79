/** The deployer as a build of CodeBuild's: one order, one answer in the table. It ends with 0 when it left one. */
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { powertoolsLog } from '../../adapters/aws/powertools-log.ts';
import { BuildOrder } from '../../contracts/deployer.ts';
import { parseEnv } from '../../contracts/env.ts';
import { BuildEnv } from './env.ts';
import { runBuild, TurnTaken } from './run-build.ts';
import { wire } from './wire.ts';

const EVERY_MS = 60_000;
/** Before CodeBuild's own end, for a last word. */
const MARGIN_MS = 5 * 60_000;

const began = Date.now();
const log = powertoolsLog('deploy-release-build');
const env = parseEnv(BuildEnv, process.env);
// The layer's archive, which CodeBuild has unpacked; whether a mode survives that is nowhere said.
const helm = join(env.CODEBUILD_SRC_DIR_helm, 'helm', 'helm');
await chmod(helm, 0o755);
const { deps } = wire({
  env: { ...env, HELM_PATH: helm, BUILDS: 'false' },
  region: process.env['AWS_REGION'] ?? '',
  local: process.env['AWS_ENDPOINT_URL'] !== undefined,
  log,
});

function every(renew: () => Promise<void>): () => void {
  const timer = setInterval(() => void renew(), EVERY_MS);
  return () => clearInterval(timer);
}

try {
  const order = BuildOrder.parse(JSON.parse(env.FAIRLEAD_ORDER));
  const ends = new Date(began + Number(env.BUILD_MINUTES) * 60_000 - MARGIN_MS);
  const { outcome } = await runBuild(deps)(order, { id: env.CODEBUILD_BUILD_ID, ends, every });
  log.info('build is done', { ...order, outcome });
  process.exit(0);
} catch (error) {
  if (!(error instanceof TurnTaken)) log.error('build broke off: the next turn goes on where it stopped', { error });
  else log.warn('nothing to do', { because: error.message });
  process.exit(error instanceof TurnTaken ? 0 : 1);
}
