/** A failure small and clean enough to travel through a state machine: bounded as `contracts/machines.ts` wants it, redacted. */
import { clip } from '../clip.ts';
import { redact } from '../evidence/redact.ts';
import type { Culprit, OutcomeCode } from '../outcome.ts';

const MAX_OBJECTS = 20;

/** Structurally `Failure` of the contracts. */
export interface SmallFailure {
  readonly code: OutcomeCode;
  readonly because: string;
  readonly objects?: Culprit[];
}

/** A culprit as parsing leaves it. */
type LooseCulprit = Omit<Culprit, 'namespace'> & { readonly namespace?: string | undefined };

/** The first 20 of `objects`; without any, there is no such field. */
export function smallFailure(code: OutcomeCode, because: string, objects: readonly LooseCulprit[] = []): SmallFailure {
  const small = { code, because: clip(redact(because), 2000) };
  return objects.length === 0 ? small : { ...small, objects: objects.slice(0, MAX_OBJECTS).map(smallCulprit) };
}

/** The culprit with every text cut and redacted. */
export function smallCulprit({ kind, name, namespace, because }: LooseCulprit): Culprit {
  return {
    kind: clip(kind, 100),
    name: clip(name, 260),
    ...(namespace !== undefined && { namespace: clip(namespace, 100) }),
    because: clip(redact(because), 500),
  };
}
