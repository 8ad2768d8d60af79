/** A refused dry run as a problem of the plan: what it is about, and what to do. */
import type { FieldConflict, Refusal, RenderedObject } from './dry-run.ts';
import { FIELD_MANAGER } from './dry-run.ts';
import type { PlanProblem } from './environment-diff.ts';

export interface RefusalSeen {
  readonly refusal: Refusal;
  readonly object: RenderedObject;
  /** As problems name it: `Deployment web`. */
  readonly name: string;
  readonly forceConflicts: boolean;
  /** Namespaces that the release itself brings. */
  readonly bringsNamespaces: readonly string[];
  /** `group/kind` of definitions that come first, with the first release. */
  readonly bringsKinds: readonly string[];
}

/** Conflicts with others than helm itself: what helm 3 set by updating, helm 4 takes over (https://helm.sh/docs/overview/#server-side-apply). */
export function othersIn(conflicts: readonly FieldConflict[]): readonly FieldConflict[] {
  return conflicts.filter(({ manager }) => manager !== FIELD_MANAGER);
}

/** Undefined when a rollout would get past it. */
export function refusalProblem(seen: RefusalSeen): PlanProblem | undefined {
  const { refusal, object, name, forceConflicts } = seen;
  const { because } = refusal;
  switch (refusal.code) {
    case 'conflict': {
      const others = othersIn(refusal.conflicts);
      if (others.length === 0) return undefined;
      const fields = others.map(({ field }) => field);
      const next = forceConflicts
        ? 'the package takes them over (forceConflicts)'
        : 'take them out of the chart, or set forceConflicts on the package';
      return {
        code: 'conflict',
        blocks: !forceConflicts,
        because: `${because}: ${next}`,
        object: name,
        fields,
        outcome: 'conflict',
      };
    }
    case 'immutable':
      return {
        code: 'immutable',
        blocks: true,
        because: `${because}: it can only be made anew, so delete it first or give it another name`,
        object: name,
        fields: refusal.fields,
        outcome: 'rejected',
      };
    case 'invalid':
      return { code: 'invalid', blocks: true, because, object: name, fields: refusal.fields, outcome: 'rejected' };
    case 'no-such-kind':
      return missingKind(seen);
    case 'no-namespace':
      if (seen.bringsNamespaces.includes(object.namespace)) return undefined;
      return {
        code: 'no-namespace',
        blocks: true,
        because: `namespace ${object.namespace} does not exist: make it, and grant it with 'fairlead cluster grant'`,
        outcome: 'forbidden',
      };
    case 'forbidden':
    case 'unauthorised':
      return { code: refusal.code, blocks: true, because, object: name, outcome: 'forbidden' };
    case 'no-dry-run':
      return { code: 'no-dry-run', blocks: false, because, object: name };
    case 'unreachable':
      return { code: 'unreachable', blocks: true, because, outcome: 'unreachable' };
    case 'refused':
      return { code: 'invalid', blocks: true, because, object: name, outcome: 'rejected' };
  }
}

function missingKind({ object, name, bringsKinds }: RefusalSeen): PlanProblem | undefined {
  const { apiVersion, kind } = object;
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  if (bringsKinds.includes(`${group}/${kind}`)) return undefined;
  return {
    code: 'no-such-kind',
    blocks: true,
    because: `the cluster knows no ${kind} in ${apiVersion}: install its CustomResourceDefinition first (helm takes those in crds/ only with a release's first install)`,
    object: name,
    outcome: 'rejected',
  };
}
