/** The states of rollouts and deployments (docs/concepts.md), and which of them are ends. */
export const ROLLOUT_STATES = [
  'accepted',
  'running',
  'waiting',
  'succeeded',
  'failed',
  'errored',
  'aborted',
  'superseded',
] as const;
export type RolloutState = (typeof ROLLOUT_STATES)[number];

export const DEPLOYMENT_STATES = [
  'pending',
  'applying',
  'observing',
  'rolling-back',
  'succeeded',
  'rolled-back',
  'failed',
  'skipped',
  'blocked',
  'errored',
] as const;
export type DeploymentState = (typeof DEPLOYMENT_STATES)[number];

export type FinalRolloutState = Extract<RolloutState, 'succeeded' | 'failed' | 'errored' | 'aborted' | 'superseded'>;
export type FinalDeploymentState = Exclude<DeploymentState, 'pending' | 'applying' | 'observing' | 'rolling-back'>;

const OPEN_ROLLOUT: readonly RolloutState[] = ['accepted', 'running', 'waiting'];
const IN_FLIGHT: readonly DeploymentState[] = ['applying', 'observing', 'rolling-back'];
const COUNTED: readonly DeploymentState[] = ['failed', 'rolled-back', 'blocked', 'errored'];

/** True while the rollout may still change by itself. */
export function isOpen(state: RolloutState): boolean {
  return OPEN_ROLLOUT.includes(state);
}

/** True while a `deployment` execution holds the release. */
export function isInFlight(state: DeploymentState): boolean {
  return IN_FLIGHT.includes(state);
}

/** True when the deployment has come to its end. */
export function isFinal(state: DeploymentState): state is FinalDeploymentState {
  return state !== 'pending' && !isInFlight(state);
}

/** True when the end counts against the stage's failure budget; what was skipped does not. */
export function countsAsFailure(state: DeploymentState): boolean {
  return COUNTED.includes(state);
}
