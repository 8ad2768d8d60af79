/** Is the chart there, is it the one its digest names, and does it say what it makes? */
import { type Check, fail, ok, warn } from './check.ts';

export interface ChartAsked {
  /** `oci://host/path`. */
  readonly chart: string;
  readonly version: string;
  /** Nobody named the version: it is the newest. */
  readonly isNewest: boolean;
}

export type ChartSeen =
  | { readonly is: 'rendered'; readonly digest: string }
  | { readonly is: 'not-rendered'; readonly digest: string; readonly because: string }
  | { readonly is: 'missing' | 'changed' | 'unreachable'; readonly because: string };

export function judgeChart({ chart, version, isNewest }: ChartAsked, seen: ChartSeen): Check {
  const named = `${chart}:${version}${isNewest ? ' (the newest)' : ''}`;
  switch (seen.is) {
    case 'rendered':
      return ok('chart', `${named} can be pulled: ${seen.digest}`);
    case 'not-rendered':
      return warn(
        'chart',
        `${named} can be pulled (${seen.digest}), but does not render with its defaults alone (${seen.because})`,
        'nothing, when its values come from layers; which kinds it makes shows in a rollout',
      );
    case 'missing':
      return fail('chart', seen.because, 'push the chart (fairlead package push), or name a version that is there');
    case 'changed':
      return fail(
        'chart',
        seen.because,
        'push the chart anew: its registry gives out something else than it was given',
      );
    case 'unreachable':
      return fail('chart', seen.because, "let the deployer's network reach the chart registry");
  }
}

/** There is no version to look at. */
export function judgeNoVersion(chart: string, because: string): Check {
  return fail('chart', `${chart}: no version to look at (${because})`, 'push the chart (fairlead package push)');
}

/** Deployers never go to such places: they get the copy that planning made. */
export function judgeElsewhere(chart: string): Check {
  return ok('chart', `${chart} is fetched when a rollout is planned, and not looked at here: 'fairlead plan' does`);
}
