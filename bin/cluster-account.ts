/** A second, small CDK app, for accounts that only have clusters: `npx cdk --app 'node bin/cluster-account.ts' list|diff|deploy`. Context: `config`. */
import { clusterAccountApp } from '../lib/cluster-account-app.ts';
import { configFile } from '../lib/config/context.ts';
import { ConfigRefused, readConfig } from '../lib/config/read-config.ts';

try {
  clusterAccountApp((app) => readConfig(configFile(app))).synth();
} catch (error) {
  if (!(error instanceof ConfigRefused)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
