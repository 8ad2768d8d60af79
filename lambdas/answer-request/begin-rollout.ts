import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { commit } from '../../domain/commit.ts';
import { type FrozenNow, frozenNow, notPassed } from '../../domain/freezes/admission.ts';
import type { PackageItem, StageRequest } from '../../domain/items/registry.ts';
import { keepGates } from '../../domain/rollout/keep-gates.ts';
import { lookAtStart } from '../../domain/rollout/look-at-start.ts';
import * as domain from '../../domain/rollout/start-rollout.ts';
import type { Deps } from './deps.ts';
import { Refused } from './refused.ts';

export interface Wanted extends Omit<domain.Asked, 'id' | 'stages' | 'guards'> {
  readonly package: string;
  /** The stages, of the package's entry as it stands; refuses what the entry forbids. @throws Refused */
  readonly stagesOf: (pkg: PackageItem) => readonly StageRequest[];
  /** Stages whose gates the caller's own keep; none for those who could change them. */
  readonly guardsOf?: (pkg: PackageItem) => readonly (readonly StageRequest[])[];
}

export interface Begun {
  readonly id: string;
  readonly matched: readonly string[];
  /** True when the idempotency key began it before. */
  readonly before: boolean;
  /** Freezes that hold in some of them now. */
  readonly frozen: readonly FrozenNow[];
}

/** Begins a rollout, or finds the one that the same key began. @throws Refused */
export async function beginRollout(
  { table, patience, now, calendar, newId }: Deps,
  { package: name, stagesOf, guardsOf = () => [], ...asked }: Wanted,
): Promise<Begun> {
  const id = newId();
  const key = asked.idempotency?.key;
  const answer = await commit(table, patience, async () => {
    const { pkg, freezes, ...rest } = await lookAtStart(table, name, key);
    if (pkg === undefined) throw notRegistered(name);
    const { environments } = rest;
    const seen = { pkg, ...rest };
    const result = judge(seen, { ...asked, id, stages: stagesOf(pkg), guards: guardsOf(pkg) }, now());
    const matched = 'matched' in result ? result.matched : [];
    const reached = environments.filter((environment) => matched.includes(environment.name));
    const frozen = frozenNow(freezes, { package: name, override: asked.override }, reached, { now: now(), calendar });
    const refusal = result.answer === 'accepted' ? notPassed(asked.override, frozen) : undefined;
    if (refusal !== undefined) throw new Refused('forbidden', refusal);
    return { writes: result.answer === 'accepted' ? result.writes : [], result: { ...result, frozen } };
  });
  if (answer.answer === 'key-reused') throw new Refused('idempotency-key-reused', answer.because);
  if (answer.answer === 'occupied') throw new Refused('queue-occupied', answer.because);
  if (answer.answer === 'too-many') throw new Refused('too-many-requests', answer.because);
  if (answer.answer === 'nothing-matched') throw new Refused('no-environment-matched', answer.because);
  return { id: answer.id, matched: answer.matched, before: answer.answer === 'same', frozen: answer.frozen };
}

/** Judges the start, with the gates that its stages keep. One that was accepted before is found again, whatever gates have come since. */
function judge(
  seen: domain.Seen,
  asked: domain.Asked & { readonly guards: readonly (readonly StageRequest[])[] },
  now: Date,
): domain.StartAnswer {
  const gated = keepGates(asked.stages, asked.guards, seen.environments);
  const answer = domain.startRollout(seen, gated.kept ? { ...asked, stages: gated.stages } : asked, now);
  if (!gated.kept && answer.answer !== 'same') throw new Refused('forbidden', gated.because);
  return answer;
}

/** Bodies that mean the same have the same hash (RFC 8785). */
export const hashOf = (body: unknown) =>
  createHash('sha256')
    .update(canonicalize(body) ?? '')
    .digest('hex');

const notRegistered = (pkg: string) =>
  new Refused(
    'not-found',
    `package ${pkg} is not registered: register it first (fairlead package put ${pkg} --namespace …)`,
  );
