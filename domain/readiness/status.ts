/**
 * The words of readiness, as kstatus has them
 * (https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md).
 */
import { at, listAt, textAt } from '../json.ts';
import type { KubeObject } from '../kube.ts';

/** `current`: as its spec wants it; `failed`: it will not get there by itself. */
export interface ObjectStatus {
  readonly status: 'current' | 'in-progress' | 'failed' | 'terminating' | 'not-found';
  readonly because: string;
}

export const current = (because: string): ObjectStatus => ({ status: 'current', because });
export const inProgress = (because: string): ObjectStatus => ({ status: 'in-progress', because });
export const failed = (because: string): ObjectStatus => ({ status: 'failed', because });

export interface Condition {
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** The condition of that type, if the object has one. */
export function conditionOf(object: KubeObject, type: string): Condition | undefined {
  const found = listAt(object.status, 'conditions').find((condition) => at(condition, 'type') === type);
  if (found === undefined) return undefined;
  return {
    status: textAt(found, 'status') ?? 'Unknown',
    reason: textAt(found, 'reason') ?? '',
    message: textAt(found, 'message') ?? '',
  };
}

/** Reason and message of a condition in one line. */
export function say({ reason, message }: Condition): string {
  return [reason, message].filter((part) => part !== '').join(': ');
}

/** True while the controller has not yet seen the latest spec. Objects that do not tell count as seen. */
export function isBehind({ metadata, status }: KubeObject): boolean {
  const observed = at(status, 'observedGeneration');
  return metadata.generation !== undefined && typeof observed === 'number' && observed !== metadata.generation;
}
