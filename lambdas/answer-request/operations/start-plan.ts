import { PlanBody } from '../../../contracts/api/plan.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import { createPlan } from '../../../domain/plans/new-plan.ts';
import { standingOf } from '../../../domain/plans/standing.ts';
import { stagesOf } from '../../../domain/registry/stages-of.ts';
import { guardsOf, keepGates } from '../../../domain/rollout/keep-gates.ts';
import { matches } from '../../../domain/target.ts';
import { type Answer, bodyOf, type Call } from '../call.ts';
import { refuseForeign } from '../caller/refuse-foreign.ts';
import type { Deps } from '../deps.ts';
import { Refused } from '../refused.ts';

/** Plans of one package that are worked out at the same time. Each takes its share of deployers and clusters. */
const MOST_AT_ONCE = 10;

/** POST /packages/{package}/plans: 202; the table's stream starts the machine that works it out. */
export async function startPlan(deps: Deps, call: Call): Promise<Answer> {
  const { version, values, stages: named, targets } = bodyOf(call, PlanBody);
  const { table, installation, now } = deps;
  const [pkg, environments, newest] = await Promise.all([
    table.get(keys.package(call.package)),
    table.query(ranges.environments()),
    table.query(ranges.plans(call.package), { descending: true, limit: MOST_AT_ONCE }),
  ]);
  if (pkg === undefined) throw new Refused('not-found', `package ${call.package} is not registered: register it first`);
  refuseForeign(call.caller, pkg);
  const { promotionOrder } = installation;
  const asked = stagesOf({ stages: named, targets, ofPackage: pkg.stages, promotionOrder });
  // A rollout that carries the plan out has the gates of these stages: they are no fewer for having been planned.
  const gated = keepGates(asked, isKeeper(call) ? [] : guardsOf(pkg, promotionOrder), environments);
  if (!gated.kept) throw new Refused('forbidden', gated.because);
  const matched = environments.filter(({ labels }) =>
    gated.stages.some(({ targets }) => targets.some((target) => matches(target, labels))),
  );
  if (matched.length === 0) {
    const why = `none of the ${environments.length} registered environments has the labels that are asked for`;
    throw new Refused('no-environment-matched', why);
  }
  if (newest.filter((plan) => standingOf(plan, now()).state === 'working').length >= MOST_AT_ONCE) {
    const why = `${MOST_AT_ONCE} plans of ${call.package} are being worked out: wait until one of them is ready`;
    throw new Refused('too-many-requests', why);
  }
  const { principal } = call.caller;
  const id = deps.newId();
  const because = 'it is being worked out';
  const write = createPlan({ id, package: pkg.name, version, stages: gated.stages, values, principal, because }, now());
  const written = await table.transact([write]);
  if (!written.committed) throw new Refused('conflict', `plan ${id} exists already: ask again`);
  const names = matched.map(({ name }) => name);
  return { status: 202, body: { id, package: pkg.name, state: 'working', matched: names } };
}

/** Who keeps the stages themselves is not held to them. */
const isKeeper = ({ caller }: Call) => caller.is === 'operator' || caller.is === 'break-glass';
