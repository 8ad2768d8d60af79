import { existsSync } from 'node:fs';
import type { App } from 'aws-cdk-lib';

/** What an app was given as `-c name=value`; undefined when nothing, or nothing but an empty text, was. */
export function textOfContext({ node }: App, name: string): string | undefined {
  const value: unknown = node.tryGetContext(name);
  return value === undefined || value === '' ? undefined : String(value);
}

/** `-c config=FILE`, else an own fairlead.yaml, else the example, so that `cdk synth` works on a fresh clone. */
export function configFile(app: App): string {
  return textOfContext(app, 'config') ?? (existsSync('fairlead.yaml') ? 'fairlead.yaml' : 'fairlead.example.yaml');
}
