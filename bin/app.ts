/** The CDK app: `npx cdk list|synth|diff|deploy` run this file (cdk.json). Context: `config`, `helmPath`, `githubKeysUrl`, `local`. */
import { existsSync } from 'node:fs';
import type { App } from 'aws-cdk-lib';
import { ConfigRefused, readConfig } from '../lib/config/read-config.ts';
import { fairleadApp } from '../lib/fairlead-app.ts';
import type { Installation } from '../lib/installation.ts';

/** An own fairlead.yaml, or the example, so that `cdk synth` works on a fresh clone. */
const usualConfig = () => (existsSync('fairlead.yaml') ? 'fairlead.yaml' : 'fairlead.example.yaml');

function installationOf({ node }: App): Installation {
  const text = (name: string): string | undefined => {
    const value: unknown = node.tryGetContext(name);
    return value === undefined || value === '' ? undefined : String(value);
  };
  const helmPath = text('helmPath');
  const githubKeysUrl = text('githubKeysUrl');
  return {
    config: readConfig(text('config') ?? usualConfig()),
    local: text('local') === 'true',
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
