import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Installation } from './installation.ts';
import { FairleadStack } from './stacks/fairlead-stack.ts';

/**
 * The whole CDK app. `synth()` throws when cdk-nag has a finding that nobody has given a reason for.
 * @param installationOf makes the installation, of what the app was given as context. An app is made once: a second one in the same process would
 *   write its own, empty, assembly over the first's.
 */
export function fairleadApp(installationOf: (app: App) => Installation, props: AppProps = {}): App {
  const app = new App({ analyticsReporting: false, ...props });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
  new FairleadStack(app, installationOf(app));
  return app;
}
