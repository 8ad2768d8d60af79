/** Where one deployment's helm runs, by what Begin has seen. */
import type { DeploymentItem } from '../items/deployment.ts';
import type { ReleaseItem } from '../items/release.ts';
import { type ChosenExecutor, chooseExecutor, type DeployerWay } from './choose-executor.ts';

/** A deployer of which nothing else is told has its function, with Lambda's own limit, and no builds. */
export const FUNCTION_ONLY: DeployerWay = { alwaysBuilds: false, limitSeconds: 900 };

export interface ExecutorFacts {
  readonly deployment: DeploymentItem;
  readonly release?: ReleaseItem | undefined;
  /** By the deployers' names. */
  readonly ways?: Readonly<Record<string, DeployerWay>> | undefined;
}

export function executorOf({ deployment, release, ways = {} }: ExecutorFacts): ChosenExecutor & {
  readonly project?: string;
} {
  const { package: pkg, environment, deployer, executor } = deployment;
  const { [deployer]: way = FUNCTION_ONLY } = ways;
  const chosen = chooseExecutor({
    package: pkg,
    environment,
    deployer,
    executor,
    way,
    lastSeconds: release?.lastSeconds,
  });
  // The function may find out that the chart needs a build: then the machine has to know which.
  return { ...chosen, ...(way.project !== undefined && { project: way.project }) };
}
