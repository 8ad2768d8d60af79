import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Config } from '../contracts/config.ts';
import { clusterAccountStacks } from './stacks/cluster-account-stacks.ts';

/** The small CDK app for the accounts that only have clusters. `configOf` as in `fairleadApp`. */
export function clusterAccountApp(configOf: (app: App) => Config, props: AppProps = {}): App {
  const app = new App({ analyticsReporting: false, ...props });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
  clusterAccountStacks(app, configOf(app));
  return app;
}
