/** Objects tried on the cluster, and what may be told of them: what depends on secrets stays digests, and words about it are left out. */
import type { ObjectRef } from '../../../domain/kube.ts';
import { byId, type Steady } from '../../../domain/plan-diff/compare-renderings.ts';
import type { RenderedObject } from '../../../domain/plan-diff/dry-run.ts';
import type { ObjectChange, PlanProblem } from '../../../domain/plan-diff/environment-diff.ts';
import { objectId } from '../../../domain/plan-diff/gone-objects.ts';
import { addressed, objectName } from '../../../domain/plan-diff/object-name.ts';
import type { PreviewSight } from '../../../domain/plan-diff/preview-sight.ts';
import type { Concealing } from './conceal.ts';
import { hushProblem } from './hush-problem.ts';
import { takeAway } from './take-away.ts';
import { nameless, type ToldObject, tellObject } from './tell-object.ts';
import type { Telling } from './telling.ts';
import { type Trial, tryObject } from './try-object.ts';

export interface Told {
  readonly concealing: Concealing;
  readonly tells: Telling;
  /** What is deployed, as it is without its secrets. */
  readonly before: Steady | 'unsure' | undefined;
  /** Namespace of the release. */
  readonly own: string;
  /** `objectId`s of what the release holds now. */
  readonly held: ReadonlySet<string>;
}

export interface TriedTold {
  /** By its own name. */
  readonly isNamed: boolean;
  readonly change: ObjectChange | undefined;
  readonly problems: readonly PlanProblem[];
}

/** @param id among what is rendered (`byId`) */
export async function tryTold(trial: Trial, told: Told, id: string, object: RenderedObject): Promise<TriedTold> {
  const as = await asTold(told, id, object);
  const name = objectName(as.address);
  const tried = await tryObject(trial, object, name);
  const change = await tellObject(told.concealing, as, tried);
  if (as.now !== undefined && as.now.taint === undefined) return { change, isNamed: true, problems: tried.problems };
  // What the cluster says of the stand-in as well tells nothing of the secrets.
  const twin = told.tells.of === 'apart' && as.now !== undefined ? byId(told.tells.standIn.objects).get(id) : undefined;
  const ofTwin = twin === undefined || tried.problems.length === 0 ? [] : (await tryObject(trial, twin, name)).problems;
  const said = new Set(ofTwin.map((problem) => JSON.stringify(problem)));
  const isNamed = as.address.name === object.name;
  const at = isNamed || told.tells.of === 'apart' ? name : undefined;
  const problems = tried.problems.map((problem) =>
    said.has(JSON.stringify(problem)) ? problem : hushProblem(problem, at),
  );
  return { change, isNamed, problems };
}

async function asTold(
  { tells, before, own, held, concealing }: Told,
  id: string,
  object: RenderedObject,
): Promise<ToldObject> {
  const address = addressed(object, own);
  const was = before === undefined || before === 'unsure' ? undefined : before.get(id);
  const deployed = was === undefined ? {} : { before: was };
  if (tells.of === 'all') return { address, now: { content: object.content }, ...deployed };
  const now = tells.of === 'apart' ? tells.steady.get(id) : undefined;
  if (now !== undefined) return { address, now, ...deployed };
  const known = tells.of === 'nothing' && held.has(objectId(object));
  return { address: known ? address : await nameless(concealing, address) };
}

/** What would go away. One that is there for what its secrets are has no name here. */
export async function goneTold(
  sight: PreviewSight,
  gone: readonly ObjectRef[],
  { before, own, concealing }: Told,
): Promise<{ readonly changes: readonly ObjectChange[]; readonly problems: readonly PlanProblem[] }> {
  const isTold = (ref: ObjectRef) => before === undefined || before === 'unsure' || before.has(objectId(ref));
  const [named, hidden] = [gone.filter(isTold), gone.filter((ref) => !isTold(ref))];
  const all = await Promise.all([
    takeAway(sight, named, own),
    ...hidden.map(async (ref) => {
      const address = await nameless(concealing, addressed(ref, own));
      const { changes, problems } = await takeAway(sight, [ref], own);
      return {
        changes: changes.map(({ change, fields }) => ({ ...address, change, fields })),
        problems: problems.map((problem) => hushProblem(problem, objectName(address))),
      };
    }),
  ]);
  return { changes: all.flatMap(({ changes }) => changes), problems: all.flatMap(({ problems }) => problems) };
}
