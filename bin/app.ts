/** The CDK app: `npx cdk list|synth|diff|deploy` run this file (cdk.json). Context: `config`, `helmPath`, `local`. */
import { existsSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { ConfigRefused, readConfig } from '../lib/config/read-config.ts';
import { fairleadApp } from '../lib/fairlead-app.ts';

/** An own fairlead.yaml, or the example, so that `cdk synth` works on a fresh clone. */
function configFile(asked: unknown): string {
  if (typeof asked === 'string' && asked !== '') return asked;
  return existsSync('fairlead.yaml') ? 'fairlead.yaml' : 'fairlead.example.yaml';
}

try {
  const context = new App().node;
  const helmPath = context.tryGetContext('helmPath');
  const app = fairleadApp({
    config: readConfig(configFile(context.tryGetContext('config'))),
    local: String(context.tryGetContext('local')) === 'true',
    ...(typeof helmPath === 'string' && helmPath !== '' && { helmPath }),
  });
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigRefused)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
