/** One line of `fairlead doctor`: what was looked at, how it is, and what to do when it is not well. */
import { CHECKS } from '../inspection/check.ts';

/** The parts of the screen, from top to bottom. */
export const AREAS = ['caller', 'endpoint', 'trust', 'package', 'environment', 'functions'] as const;
export type Area = (typeof AREAS)[number];

/** What is looked at in each area; docs/doctor.md explains every one of them. An environment's are what its deployer looks at, and `rbac:KIND`. */
export const DOCTOR_CHECKS = {
  caller: ['identity', 'clock'],
  endpoint: ['network', 'api', 'region'],
  trust: ['token', 'role'],
  package: ['registry', 'start', 'abort', 'stages', 'values'],
  environment: ['registry', 'inspection', ...CHECKS],
  functions: ['health'],
} as const satisfies Readonly<Record<Area, readonly string[]>>;

/** `skipped`: it could not be looked at, or is not for this caller to see, and nothing follows from that. */
export type FindingState = 'ok' | 'warn' | 'fail' | 'skipped';

export interface Finding {
  readonly area: Area;
  /** The package or environment that it is about. */
  readonly of?: string;
  /** What was looked at: `clock`, `start`, `rbac:Deployment`. */
  readonly check: string;
  /** Within an environment: whose chart and rights were looked at. */
  readonly package?: string;
  readonly state: FindingState;
  /** One sentence with the values that were seen. Carries no secret. */
  readonly says: string;
  /** What to do, a command where there is one. */
  readonly fix?: string;
}

/** Whether anything keeps rollouts from working. Warnings do not. */
export function hasFailed(findings: readonly Finding[]): boolean {
  return findings.some(({ state }) => state === 'fail');
}
