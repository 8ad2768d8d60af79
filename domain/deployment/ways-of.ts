/** What each deployer offers, from the few words that Begin's environment has room for. */
import type { DeployerWay } from './choose-executor.ts';
import { deployerRoleName } from './deployer-role.ts';

/** Helm runs in builds only, in the function only, or in a function with this many minutes. Said of few deployers. */
export type SaidWay = 'builds' | 'function' | number;

/** Lambda's own limit (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html), which deployers have unless told otherwise. */
export const MOST_MINUTES = 15;

/** By the deployers' names. */
export function waysOf(
  deployers: readonly string[],
  said: Readonly<Record<string, SaidWay>>,
  installation: string,
): Readonly<Record<string, DeployerWay>> {
  return Object.fromEntries(deployers.map((name) => [name, wayOf(name, said[name], installation)]));
}

function wayOf(name: string, said: SaidWay | undefined, installation: string): DeployerWay {
  const limitSeconds = 60 * (typeof said === 'number' ? said : MOST_MINUTES);
  if (said === 'function') return { alwaysBuilds: false, limitSeconds };
  return { project: buildProjectName(installation, name), alwaysBuilds: said === 'builds', limitSeconds };
}

/** The CodeBuild project of a deployer has the name of its role. */
export function buildProjectName(installation: string, deployer: string): string {
  return deployerRoleName(installation, deployer);
}
