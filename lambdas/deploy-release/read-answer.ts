/** What a build came to: it wrote its answer into the table, unless it died. */
import { type AnswerInput, ApplyAnswer, type BuildAnswer } from '../../contracts/deployer.ts';
import { type Attempt, commit } from '../../domain/commit.ts';
import { type BuildVerdict, judgeBuild } from '../../domain/deployment/judge-build.ts';
import { endOperation } from '../../domain/deployment/lease.ts';
import { whyNotOurs } from '../../domain/deployment/whose-try.ts';
import type { BuildItem } from '../../domain/items/build.ts';
import type { LeaseItem } from '../../domain/items/release.ts';
import { keys } from '../../domain/keys.ts';
import { create, replace, type Write } from '../../domain/table.ts';
import { busy } from './busy.ts';
import type { Deps } from './deps.ts';
import { placesOf, type Work } from './operation.ts';

type Needs = Pick<Deps, 'table' | 'patience' | 'now'>;
type Over = Extract<BuildVerdict, { is: 'over' }>;

/** A turn without an answer is closed: a build that starts for it after all has nothing to do. */
export function readAnswer({ table, patience, now }: Needs) {
  return (input: AnswerInput, work: Work): Promise<BuildAnswer> =>
    commit<BuildAnswer>(table, patience, async () => {
      const places = placesOf(work);
      const [build, deployment, lease] = await Promise.all([
        table.get(keyOf(input)),
        table.get(places.deployment),
        table.get(places.lease),
      ]);
      const at = now();
      const verdict = judgeBuild({ build, lease, over: input.over }, at);
      if (verdict.is === 'answered') return says(ApplyAnswer.parse(verdict.answer));
      const lost =
        deployment === undefined ? 'the deployment is gone' : whyNotOurs(deployment, input.attempt, lease, at);
      if (lost !== undefined) return says({ outcome: 'lost', because: lost });
      if (verdict.is === 'at-work') return says(busy(verdict, at));
      const writes = [close(input, build, verdict, at), ...endClaim(work, lease, verdict, at)];
      return { writes, result: { outcome: 'unanswered', because: verdict.because } };
    });
}

const says = (result: BuildAnswer): Attempt<BuildAnswer> => ({ writes: [], result });

const keyOf = ({ rolloutId, environment, attempt, turn }: AnswerInput) =>
  keys.build(rolloutId, environment, attempt, turn);

function close(input: AnswerInput, build: BuildItem | undefined, { because }: Over, at: Date): Write {
  if (build !== undefined) return replace(keyOf(input), build, { givenUp: because });
  const { rolloutId, environment, attempt, turn } = input;
  const which = { rolloutId, environment, attempt, turn };
  return create(keyOf(input), { type: 'build', v: 1, ...which, at: at.toISOString(), givenUp: because });
}

function endClaim(work: Work, lease: LeaseItem | undefined, { dead }: Over, at: Date): Write[] {
  if (lease === undefined || dead === undefined) return [];
  const ended = endOperation(lease, dead, at);
  return ended === undefined ? [] : [replace(placesOf(work).lease, lease, ended)];
}
