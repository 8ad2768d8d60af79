/** Asks the cluster's own authoriser whether the package could be rolled out: nothing is tried out. */
import type { InspectedPackage } from '../../../contracts/inspection.ts';
import { accountOf } from '../../../domain/deployment/acting-as.ts';
import { type Check, fail, warn } from '../../../domain/inspection/check.ts';
import {
  HELM_VERBS,
  judgeActAs,
  judgeKind,
  judgeNamespace,
  judgeUnknownKind,
  type RightsAsked,
} from '../../../domain/inspection/judge-rights.ts';
import type { ClusterSight, KindPlace, RenderedKind } from '../../../domain/inspection/sights.ts';
import type { KubeAnswer } from '../../../domain/kube.ts';

export interface PackageRights {
  readonly environment: string;
  readonly package: InspectedPackage;
  readonly kinds: readonly RenderedKind[];
}

/** helm's own record of a release (https://helm.sh/docs/topics/advanced/#storage-backends). */
const RECORD = { apiVersion: 'v1', kind: 'Secret' } as const;
const CRD = 'CustomResourceDefinition';
/** Four questions each; beyond these a chart would keep the cluster's authoriser busy, and nobody would read the lines. */
const MOST_KINDS = 100;

/** Namespace, account and one line for each kind. Without the right to act as the account, its rights are not asked for. */
export async function inspectRights(
  sight: ClusterSight,
  { environment, ...rest }: PackageRights,
): Promise<readonly Check[]> {
  const { name, namespace, landsIn, actAs } = rest.package;
  const asked: RightsAsked = { environment, package: name, namespace, landsIn, actAs };
  const [there, actsAs] = await Promise.all([
    sight.get({ apiVersion: 'v1', kind: 'Namespace', name: landsIn }, { metadataOnly: true }),
    mayActAs(sight, asked),
  ]);
  const first = [judgeNamespace(asked, there), ...(actsAs === undefined ? [] : [actsAs])];
  if (actsAs?.state === 'fail') return first;
  const kinds = distinct([{ ...RECORD, namespace: landsIn }, ...rest.kinds]);
  const bringsKinds = rest.kinds.some(({ kind }) => kind === CRD);
  const looked = kinds.slice(0, MOST_KINDS);
  const lines = await Promise.all(looked.map((kind) => mayMake(sight, asked, kind, bringsKinds)));
  return [...first, ...worstOfEach(lines), ...notLookedAt(kinds.length - looked.length)];
}

function notLookedAt(more: number): readonly Check[] {
  if (more === 0) return [];
  const says = `${more} more kinds and namespaces of the chart were not looked at`;
  return [warn('rbac:others', says, 'ask about them with kubectl auth can-i')];
}

async function mayActAs(sight: ClusterSight, asked: RightsAsked): Promise<Check | undefined> {
  const account = accountOf(asked.actAs ?? '');
  if (account === undefined) return undefined;
  const right = { verb: 'impersonate', group: '', resource: 'serviceaccounts', ...account };
  const ref = { apiVersion: 'v1', kind: 'ServiceAccount', ...account };
  const [may, found] = await Promise.all([sight.may(right), sight.get(ref, { metadataOnly: true })]);
  return judgeActAs(asked, { may, account: found });
}

async function mayMake(
  sight: ClusterSight,
  asked: RightsAsked,
  { apiVersion, kind, namespace }: RenderedKind,
  bringsKinds: boolean,
): Promise<Check> {
  const place = await sight.placeOf(apiVersion, kind);
  if (!place.ok && place.code === 'not-found') return judgeUnknownKind({ apiVersion, kind }, bringsKinds);
  if (!place.ok) return fail(`rbac:${kind}`, place.because, 'try again');
  const where = place.value.namespaced ? (namespace ?? asked.landsIn) : undefined;
  const refused = await refusedVerbs(sight, asked, place.value, where);
  if (!refused.ok) return fail(`rbac:${kind}`, refused.because, 'try again');
  return judgeKind(asked, { kind, namespace: where }, refused.value);
}

async function refusedVerbs(
  sight: ClusterSight,
  { actAs }: RightsAsked,
  { group, resource }: KindPlace,
  namespace: string | undefined,
): Promise<KubeAnswer<readonly string[]>> {
  const rights = HELM_VERBS.map((verb) => ({ verb, group, resource, ...(namespace !== undefined && { namespace }) }));
  const answers = await Promise.all(rights.map((right) => sight.may(right, actAs)));
  const trouble = answers.find((answer) => !answer.ok);
  if (trouble !== undefined && !trouble.ok) return trouble;
  return { ok: true, value: HELM_VERBS.filter((_, i) => answers[i]?.ok === true && !answers[i].value) };
}

function distinct(kinds: readonly RenderedKind[]): readonly RenderedKind[] {
  return [...new Map(kinds.map((kind) => [`${kind.apiVersion} ${kind.kind} ${kind.namespace}`, kind])).values()];
}

const RANK = { ok: 0, warn: 1, fail: 2 } as const;

/** A kind in two namespaces, or in two versions, is one line: the one to be read. */
function worstOfEach(lines: readonly Check[]): readonly Check[] {
  const worst = new Map<string, Check>();
  for (const line of lines) {
    const known = worst.get(line.check);
    if (known === undefined || RANK[line.state] > RANK[known.state]) worst.set(line.check, line);
  }
  return [...worst.values()];
}
