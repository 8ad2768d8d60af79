/**
 * What becomes of a gathered change that is due? A rollout of exactly the environments that use it, a plan that shows what it would
 * change, or nothing. It waits for open rollouts that go to the same environments: each keeps the version that was
 * attempted there last, and that is not known before they are over.
 */
import type { OpenItem } from '../items/queue.ts';
import type { StageRequest } from '../items/registry.ts';
import type { Override, Principal, ValuesChange } from '../items/rollout.ts';
import type { ChangeItem } from '../items/values.ts';
import { keys } from '../keys.ts';
import { createPlan, type PlanAsked } from '../plans/new-plan.ts';
import { stagesOf } from '../registry/stages-of.ts';
import { guardsOf, keepGates } from '../rollout/keep-gates.ts';
import { type Seen as StartSeen, startRollout } from '../rollout/start-rollout.ts';
import { replace, unchanged, type Write } from '../table.ts';
import { changesText, listed } from './change-text.ts';
import { toldOf } from './told-of.ts';

export interface CarryOutSeen extends StartSeen {
  readonly change: ChangeItem;
  /** Where a changed layer is used, with the version that was attempted there last. */
  readonly concerned: readonly { readonly environment: string; readonly version: string }[];
  readonly promotionOrder?: readonly StageRequest[] | undefined;
}

export interface CarryOut {
  readonly how: 'start' | 'announce';
  /** ULID of the rollout or plan, if there is to be one. */
  readonly id: string;
  readonly principal: Principal;
  /** In place of the package's stages or the promotion order. */
  readonly stages?: readonly StageRequest[] | undefined;
  readonly description?: string | undefined;
  readonly override?: Override | undefined;
  /** Why it is announced though the package says `auto`. */
  readonly caution?: string | undefined;
}

export type CarriedOut = {
  readonly writes: readonly Write[];
  readonly because: string;
} & (
  | { readonly is: 'started' | 'announced'; readonly id: string; readonly matched: readonly string[] }
  /** There is nothing to do, or nothing may be done. */
  | { readonly is: 'ended'; readonly code: 'nothing-matched' | 'forbidden' }
  /** It is tried again in a minute. */
  | { readonly is: 'waits' }
);

/** Decides it, in one transaction with what becomes of the change itself. */
export function carryOutChange(seen: CarryOutSeen, asked: CarryOut, now: Date): CarriedOut {
  const { change, concerned, pkg } = seen;
  if (concerned.length === 0) return ended(seen, 'nothing-matched', `nothing to do: ${NOBODY}`);
  const valuesChange: ValuesChange = {
    changed: toldOf(change.changed),
    environments: concerned.map(({ environment }) => environment).toSorted(),
  };
  const stages = stagesOf({ stages: asked.stages, ofPackage: pkg.stages, promotionOrder: seen.promotionOrder });
  const guards = asked.stages === undefined ? guardsOf(pkg, seen.promotionOrder) : [];
  const gated = keepGates(stages, guards, seen.environments);
  if (!gated.kept) return ended(seen, 'forbidden', gated.because);
  const what = {
    id: asked.id,
    version: listed([...new Set(concerned.map(({ version }) => version))].toSorted()),
    stages: gated.stages,
    values: {},
    valuesChange,
    principal: asked.principal,
  };
  const answer = startRollout(
    seen,
    { ...what, guards, claimed: {}, description: asked.description, override: asked.override },
    now,
  );
  if (answer.answer === 'nothing-matched') return ended(seen, 'nothing-matched', whyUnmatched(valuesChange, asked));
  if (answer.answer !== 'accepted') return waits(seen, 'because' in answer ? answer.because : 'it was started before');
  const { matched, id } = answer;
  if (asked.how === 'announce') return announced(seen, { ...what, matched }, asked.caution, now);
  const other = goesThere(seen.queue, matched);
  if (other !== undefined) return waits(seen, behind(other));
  const because = `rollout ${id} brings it to ${listed(matched)}`;
  const missed = valuesChange.environments.length > matched.length && asked.stages !== undefined;
  const state = missed ? change.state : 'started';
  const mark = replace(keys.change(change.package), change, { state, rolloutId: id, because });
  return { is: 'started', id, matched, writes: [...answer.writes, mark], because };
}

function announced(
  seen: CarryOutSeen,
  { matched, ...what }: Omit<PlanAsked, 'package' | 'because'> & { readonly matched: readonly string[] },
  caution: string | undefined,
  now: Date,
): CarriedOut {
  const { change } = seen;
  const apply = `fairlead values apply ${change.package}`;
  const because = `plan ${what.id} shows what it changes in ${listed(matched)}; '${apply}' brings it there${caution === undefined ? '' : `: ${caution}`}`;
  const cause = `values changed: ${changesText(change.changed)}`;
  const changes = { state: 'announced' as const, planId: what.id, rolloutId: undefined, because };
  const writes = [
    unchanged(keys.package(change.package), seen.pkg),
    createPlan({ ...what, package: change.package, because: cause }, now),
    replace(keys.change(change.package), change, changes),
  ];
  return { is: 'announced', id: what.id, matched, writes, because };
}

function ended({ change }: CarryOutSeen, code: 'nothing-matched' | 'forbidden', because: string): CarriedOut {
  return { is: 'ended', code, because, writes: [endChange(change, because)] };
}

/** The write that ends a change of which nothing comes. */
export function endChange(change: ChangeItem, because: string): Write {
  return replace(keys.change(change.package), change, { state: 'ended', because });
}

function waits({ change }: CarryOutSeen, because: string): CarriedOut {
  const told = change.because === because;
  return { is: 'waits', because, writes: told ? [] : [replace(keys.change(change.package), change, { because })] };
}

/** One that is not planned yet may go anywhere. */
function goesThere(queue: readonly OpenItem[], names: readonly string[]): OpenItem | undefined {
  const wanted = new Set(names);
  return queue.find(({ environments }) => environments?.some((name) => wanted.has(name)) ?? true);
}

function behind({ package: pkg, rolloutId, environments }: OpenItem): string {
  const where = environments === undefined ? 'may go to the same environments' : `goes to ${listed(environments)}`;
  return `rollout ${rolloutId} is open and ${where}: its end is waited for ('fairlead abort ${pkg} ${rolloutId}' ends it)`;
}

const NOBODY = 'no environment uses what was changed, or what was attempted there last has it already';

function whyUnmatched({ environments }: ValuesChange, { stages }: CarryOut): string {
  const used = `${listed(environments)}, where it is used`;
  if (stages !== undefined) return `no target reaches ${used}: name one that does`;
  return `no stage reaches ${used}: give the package stages that do, or bring it by hand ('fairlead values apply PACKAGE --target …')`;
}
