import { StartHeaders } from '../../../contracts/api/query.ts';
import { RollbackBody } from '../../../contracts/api/rollback.ts';
import { nameOf } from '../../../domain/callers/principal.ts';
import { keys } from '../../../domain/keys.ts';
import { rollbackStages } from '../../../domain/registry/stages-of.ts';
import { beginRollout, hashOf } from '../begin-rollout.ts';
import { type Answer, bodyOf, type Call, headerOf } from '../call.ts';
import { overrideOf } from '../caller/override-of.ts';
import { withEmergency } from '../caller/with-emergency.ts';
import type { Deps } from '../deps.ts';
import { frozenPart } from '../frozen-views.ts';

/** POST /packages/{package}/rollbacks: 202 with a rollout of its own, also for the same key with the same body. */
export async function startRollback(deps: Deps, call: Call): Promise<Answer> {
  const body = bodyOf(call, RollbackBody);
  const { to, reason, claimed, stages, targets } = body;
  const key = headerOf(call, 'Idempotency-Key', StartHeaders.shape['Idempotency-Key']);
  const { principal } = call.caller;
  const { id, matched, before, frozen } = await beginRollout(deps, {
    package: call.package,
    // Of the last good inputs the version is known when they are: planning records it.
    version: to === 'last-good' ? to : to.version,
    values: {},
    claimed,
    override: overrideOf(call, body.overrideFreeze, deps.now()),
    principal,
    rollback: { to, reason: withEmergency(reason, principal), by: nameOf(principal) },
    idempotency: key === undefined ? undefined : { key: `rollback ${key}`, bodyHash: hashOf(body) },
    stagesOf: () => rollbackStages({ stages, targets }),
  });
  const state = before ? (await deps.table.get(keys.rollout(id)))?.state : 'accepted';
  return {
    status: 202,
    body: { id, package: call.package, state: state ?? 'accepted', matched, ...frozenPart(frozen) },
  };
}
