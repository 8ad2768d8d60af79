/** The CDK app: `npx cdk list|synth|diff|deploy` run this file (cdk.json). Context: `config`, `helmPath`, `githubKeysUrl`, `local`. */
import type { App } from 'aws-cdk-lib';
import { configFile, textOfContext } from '../lib/config/context.ts';
import { ConfigRefused, readConfig } from '../lib/config/read-config.ts';
import { fairleadApp } from '../lib/fairlead-app.ts';
import type { Installation } from '../lib/installation.ts';

function installationOf(app: App): Installation {
  const helmPath = textOfContext(app, 'helmPath');
  const githubKeysUrl = textOfContext(app, 'githubKeysUrl');
  const local = textOfContext(app, 'local') === 'true';
  if (githubKeysUrl !== undefined && !local) {
    throw new ConfigRefused("context githubKeysUrl is for the local stack: on AWS only GitHub's own keys are believed");
  }
  return {
    config: readConfig(configFile(app)),
    local,
    ...(helmPath !== undefined && { helmPath }),
    ...(githubKeysUrl !== undefined && { githubKeysUrl }),
  };
}

try {
  fairleadApp(installationOf).synth();
} catch (error) {
  if (!(error instanceof ConfigRefused)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
