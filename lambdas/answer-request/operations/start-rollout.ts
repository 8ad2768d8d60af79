import { StartHeaders } from '../../../contracts/api/query.ts';
import { RolloutBody } from '../../../contracts/api/rollout.ts';
import type { PlanItem } from '../../../domain/items/values.ts';
import { keys } from '../../../domain/keys.ts';
import { holdToPlan } from '../../../domain/plans/hold-to-plan.ts';
import { stagesOf } from '../../../domain/registry/stages-of.ts';
import { guardsOf } from '../../../domain/rollout/keep-gates.ts';
import { beginRollout, hashOf } from '../begin-rollout.ts';
import { type Answer, bodyOf, type Call, headerOf } from '../call.ts';
import { overrideOf } from '../caller/override-of.ts';
import { refuseForeign } from '../caller/refuse-foreign.ts';
import type { Deps } from '../deps.ts';
import { frozenPart } from '../frozen-views.ts';
import { Refused } from '../refused.ts';

/** POST /packages/{package}/rollouts: 202, also for the same key with the same body. */
export async function startRollout(deps: Deps, call: Call): Promise<Answer> {
  const body = bodyOf(call, RolloutBody);
  const key = keyOf(call);
  const { version, description, claimed } = body;
  const plan = await plannedOf(deps, call, body);
  const { stages = body.stages, values = body.values } = plan ?? {};
  const { promotionOrder } = deps.installation;
  const { id, matched, before, frozen } = await beginRollout(deps, {
    package: call.package,
    version,
    description,
    values,
    claimed,
    planned: body.plan,
    override: overrideOf(call, body.overrideFreeze, deps.now()),
    principal: call.caller.principal,
    idempotency: key === undefined ? undefined : { key, bodyHash: hashOf(body) },
    stagesOf: (pkg) => {
      refuseForeign(call.caller, pkg);
      return stagesOf({ stages, targets: body.targets, ofPackage: pkg.stages, promotionOrder });
    },
    guardsOf: (pkg) => (isKeeper(call) ? [] : guardsOf(pkg, promotionOrder)),
  });
  const state = before ? (await deps.table.get(keys.rollout(id)))?.state : 'accepted';
  return {
    status: 202,
    body: { id, package: call.package, state: state ?? 'accepted', matched, ...frozenPart(frozen) },
  };
}

/** The plan that is to be carried out, if one is named. @throws Refused */
async function plannedOf(
  { table, now }: Deps,
  call: Call,
  { plan, version }: RolloutBody,
): Promise<Pick<PlanItem, 'stages' | 'values'> | undefined> {
  if (plan === undefined) return undefined;
  const item = await table.get(keys.plan(call.package, plan.id));
  const answer = holdToPlan(item, { ...plan, package: call.package, version }, now());
  if (answer.held) return answer.plan;
  const { is, field, because } = answer;
  if (is === 'conflict') throw new Refused('conflict', because);
  throw new Refused('invalid', because, [{ pointer: `/plan/${field}`, detail: because }]);
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
