import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { StartHeaders } from '../../../contracts/api/query.ts';
import { RolloutBody } from '../../../contracts/api/rollout.ts';
import { commit } from '../../../domain/commit.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import { stagesOf } from '../../../domain/stages-of.ts';
import * as domain from '../../../domain/start-rollout.ts';
import { type Answer, bodyOf, type Call, headerOf } from '../call.ts';
import type { Deps } from '../deps.ts';
import { refuseForeign } from '../refuse-foreign.ts';
import { Refused } from '../refused.ts';

/** POST /packages/{package}/rollouts: 202, also for the same key with the same body. */
export async function startRollout(deps: Deps, call: Call): Promise<Answer> {
  const { table, patience, now, newId, installation } = deps;
  const body = bodyOf(call, RolloutBody);
  const key = keyOf(call);
  const idempotency = key === undefined ? undefined : { key, bodyHash: hashOf(body) };
  const id = newId();
  const answer = await commit(table, patience, async () => {
    const [pkg, environments, counter, known] = await Promise.all([
      table.get(keys.package(call.package)),
      table.query(ranges.environments()),
      table.get(keys.counter(call.package)),
      key === undefined ? undefined : table.get(keys.idempotency(call.package, key)),
    ]);
    if (pkg === undefined) throw notRegistered(call.package);
    refuseForeign(call.caller, pkg);
    const { version, description, values, claimed, stages, targets } = body;
    const asked: domain.Asked = {
      id,
      version,
      description,
      stages: stagesOf({ stages, targets, ofPackage: pkg.stages, promotionOrder: installation.promotionOrder }),
      values,
      principal: call.caller.principal,
      claimed,
      idempotency,
    };
    const result = domain.startRollout({ pkg, environments, counter, idempotency: known }, asked, now());
    return { writes: result.answer === 'accepted' ? result.writes : [], result };
  });
  if (answer.answer === 'key-reused') throw new Refused('idempotency-key-reused', answer.because);
  if (answer.answer === 'nothing-matched') throw new Refused('no-environment-matched', answer.because);
  const state = answer.answer === 'same' ? (await table.get(keys.rollout(answer.id)))?.state : 'accepted';
  return {
    status: 202,
    body: { id: answer.id, package: call.package, state: state ?? 'accepted', matched: answer.matched },
  };
}

/** Bodies that mean the same have the same hash (RFC 8785). */
const hashOf = (body: unknown) =>
  createHash('sha256')
    .update(canonicalize(body) ?? '')
    .digest('hex');

const notRegistered = (pkg: string) =>
  new Refused(
    'not-found',
    `package ${pkg} is not registered: register it first (fairlead package put ${pkg} --namespace …)`,
  );

/**
 * The key of the call, or else of the token it came with, which begins nothing twice. The space keeps that one apart from keys that callers make.
 */
function keyOf(call: Call): string | undefined {
  const given = headerOf(call, 'Idempotency-Key', StartHeaders.shape['Idempotency-Key']);
  if (given !== undefined || (call.caller.is !== 'source' && call.caller.is !== 'workflow')) return given;
  return call.caller.token && `token ${call.caller.token.jti}`;
}
