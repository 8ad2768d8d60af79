import { RecoveryBody, type RecoveryView } from '../../../contracts/api/recovery.ts';
import type { RevisionsAnswer } from '../../../contracts/revisions.ts';
import { type Attempt, commit } from '../../../domain/commit.ts';
import { actingAs } from '../../../domain/deployment/acting-as.ts';
import type { EnvironmentItem, PackageItem } from '../../../domain/items/registry.ts';
import { keys } from '../../../domain/keys.ts';
import { judgeRecovery, type RecoveryVerdict } from '../../../domain/recovery/judge-recovery.ts';
import { clusterId, leaseKey, placeOf } from '../../../domain/registry/place.ts';
import { replace, type Write, write } from '../../../domain/table.ts';
import { type Answer, bodyOf, type Call } from '../call.ts';
import type { Deps } from '../deps.ts';
import { Refused } from '../refused.ts';

type Read = Extract<RevisionsAnswer, { outcome: 'read' }>;

/** POST /environments/{environment}/packages/{package}/recovery: 200 whatever is found. */
export async function recoverRelease(deps: Deps, call: Call): Promise<Answer> {
  const { apply } = bodyOf(call, RecoveryBody);
  const { table } = deps;
  const [environment, pkg] = await Promise.all([
    table.get(keys.environment(call.environment)),
    table.get(keys.package(call.package)),
  ]);
  if (environment === undefined) throw new Refused('not-found', `environment ${call.environment} is not registered`);
  if (pkg === undefined) throw new Refused('not-found', `package ${call.package} is not registered`);
  const place = placeOf(pkg, environment);
  const { name, deployer } = environment;
  const actAs = actingAs(pkg, place.namespace);
  const asked = {
    v: 1,
    operation: 'revisions',
    environment: name,
    place,
    ...(actAs !== undefined && { actAs }),
  } as const;
  const found = await deps.readRevisions(deployer, asked);
  if (found.outcome === 'unreadable') return answerOf(call, { state: 'unreadable', findings: [found.because] });
  return answerOf(call, await compare(deps, { environment, pkg, found, apply }));
}

interface Compared {
  readonly environment: EnvironmentItem;
  readonly pkg: PackageItem;
  readonly found: Read;
  readonly apply: boolean;
}
type Said = Omit<RecoveryView, 'environment' | 'package'>;

function compare({ table, patience, now, installation }: Deps, { environment, pkg, found, apply }: Compared) {
  const place = placeOf(pkg, environment);
  const [releaseKey, lease] = [keys.release(environment.name, pkg.name), leaseKey(place)];
  return commit<Said>(table, patience, async (): Promise<Attempt<Said>> => {
    const [release, held] = await Promise.all([table.get(releaseKey), table.get(lease)]);
    if (release === undefined) return nothing({ state: 'agrees', findings: [] });
    const of = { installation: installation.rolePrefix.slice(0, -1), release, lease: held };
    const verdict = judgeRecovery({ ...of, revisions: found.revisions }, now());
    const said = saidOf(verdict, apply);
    if (verdict.is !== 'differs' || !apply) return nothing(said);
    const fresh = { type: 'lease', v: 1, cluster: clusterId(place.cluster), ...named(place), fence: 0 } as const;
    const learned: Write[] = [replace(releaseKey, release, { ...verdict.release, at: now().toISOString() })];
    if (Object.keys(verdict.lease).length > 0) {
      learned.push(
        held === undefined
          ? write(lease, held, { ...fresh, ...defined(verdict.lease) })
          : replace(lease, held, verdict.lease),
      );
    }
    return { writes: learned, result: said };
  });
}

const nothing = (result: Said): Attempt<Said> => ({ writes: [], result });
const named = ({ namespace, release }: { namespace: string; release: string }) => ({ namespace, release });
/** What is to be taken away was never there. */
const defined = <T extends object>(changes: T) =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));

function saidOf(verdict: RecoveryVerdict, apply: boolean): Said {
  const { is, findings } = verdict;
  if (is === 'at-work') return { state: is, findings: [...findings], until: verdict.until };
  if (is === 'agrees') return { state: is, findings: [] };
  const { person } = verdict;
  return {
    state: apply ? 'recovered' : 'differs',
    findings: [...findings],
    ...(person !== undefined && { person }),
  };
}

const answerOf = ({ environment, package: pkg }: Call, said: Said): Answer => ({
  status: 200,
  body: { environment, package: pkg, ...said } satisfies RecoveryView,
});
