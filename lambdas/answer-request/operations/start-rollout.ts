import { StartHeaders } from '../../../contracts/api/query.ts';
import { RolloutBody } from '../../../contracts/api/rollout.ts';
import { keys } from '../../../domain/keys.ts';
import { stagesOf } from '../../../domain/registry/stages-of.ts';
import { guardsOf } from '../../../domain/rollout/keep-gates.ts';
import { beginRollout, hashOf } from '../begin-rollout.ts';
import { type Answer, bodyOf, type Call, headerOf } from '../call.ts';
import { overrideOf } from '../caller/override-of.ts';
import { refuseForeign } from '../caller/refuse-foreign.ts';
import type { Deps } from '../deps.ts';
import { frozenPart } from '../frozen-views.ts';

/** POST /packages/{package}/rollouts: 202, also for the same key with the same body. */
export async function startRollout(deps: Deps, call: Call): Promise<Answer> {
  const body = bodyOf(call, RolloutBody);
  const key = keyOf(call);
  const { version, description, values, claimed, stages, targets } = body;
  const { promotionOrder } = deps.installation;
  const { id, matched, before, frozen } = await beginRollout(deps, {
    package: call.package,
    version,
    description,
    values,
    claimed,
    override: overrideOf(call, body.overrideFreeze, deps.now()),
    principal: call.caller.principal,
    idempotency: key === undefined ? undefined : { key, bodyHash: hashOf(body) },
    stagesOf: (pkg) => {
      refuseForeign(call.caller, pkg);
      return stagesOf({ stages, targets, ofPackage: pkg.stages, promotionOrder });
    },
    guardsOf: (pkg) => (isKeeper(call) ? [] : guardsOf(pkg, promotionOrder)),
  });
  const state = before ? (await deps.table.get(keys.rollout(id)))?.state : 'accepted';
  return {
    status: 202,
    body: { id, package: call.package, state: state ?? 'accepted', matched, ...frozenPart(frozen) },
  };
}

/** Who keeps the stages themselves is not held to them. */
const isKeeper = ({ caller }: Call) => caller.is === 'operator' || caller.is === 'break-glass';

/**
 * The key of the call, or else of the token it came with, which begins nothing twice. The space keeps that one apart from keys that callers make.
 */
function keyOf(call: Call): string | undefined {
  const given = headerOf(call, 'Idempotency-Key', StartHeaders.shape['Idempotency-Key']);
  if (given !== undefined || (call.caller.is !== 'source' && call.caller.is !== 'workflow')) return given;
  return call.caller.token && `token ${call.caller.token.jti}`;
}
