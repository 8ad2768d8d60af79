/**
 * Where does helm run for one deployment: in the deployer's function, or in a build of CodeBuild's? Builds have hours,
 * but take a minute to start, so they are for what asks for them or needs them. That a chart has post-hooks is found
 * out when it is rendered; the function then sends the deployment on by itself.
 */
import type { Executor } from '../items/registry.ts';

/** What a deployer offers. */
export interface DeployerWay {
  /** The CodeBuild project whose builds run helm; absent where there is none. */
  readonly project?: string;
  /** True where helm always runs in builds. */
  readonly alwaysBuilds: boolean;
  /** Seconds that one call of the function may take. */
  readonly limitSeconds: number;
}

export interface ExecutorSeen {
  readonly package: string;
  readonly environment: string;
  /** Name of the environment's deployer. */
  readonly deployer: string;
  /** What the package's registry entry asks for. */
  readonly executor?: Executor | undefined;
  readonly way: DeployerWay;
  /** Seconds that the last helm operation of this package took here. */
  readonly lastSeconds?: number | undefined;
}

export type ChosenExecutor =
  /** `because` is absent where nothing but the default speaks for it. */
  | { readonly executor: 'lambda'; readonly because?: string }
  | { readonly executor: 'codebuild'; readonly because: string }
  /** What was asked for cannot be had here. */
  | { readonly executor: 'none'; readonly because: string };

/** An operation that took this share of the function's time may not fit the next time. */
const NEAR_THE_LIMIT = 0.7;

/** The first that is true decides: the package's wish, the deployer's kind, what the last operation took. */
export function chooseExecutor(seen: ExecutorSeen): ChosenExecutor {
  const { way, deployer } = seen;
  const why = whyBuild(seen);
  if (why === undefined) return { executor: 'lambda' };
  if (way.project !== undefined) return { executor: 'codebuild', because: why.because };
  if (!why.asked) return { executor: 'lambda', because: `${why.because}, but deployer ${deployer} has no builds` };
  const step = `take 'builds: false' from deployers.${deployer} of fairlead.yaml, or executor from the package`;
  return { executor: 'none', because: `${why.because}, but deployer ${deployer} has no builds: ${step}` };
}

function whyBuild(seen: ExecutorSeen): { readonly because: string; readonly asked: boolean } | undefined {
  const { package: pkg, environment, deployer, executor, way, lastSeconds = 0 } = seen;
  if (executor === 'codebuild') return { because: `package ${pkg} asks for it`, asked: true };
  if (way.alwaysBuilds) return { because: `deployer ${deployer} runs helm in builds only`, asked: true };
  if (lastSeconds < NEAR_THE_LIMIT * way.limitSeconds) return undefined;
  const took = `the last operation of ${pkg} in ${environment} took ${Math.round(lastSeconds)} s`;
  return { because: `${took}, near the ${way.limitSeconds} s of the function`, asked: false };
}
