/** May a package be rolled out here: is its namespace open, may helm act as its account, may each kind be made? */
import { accountOf, PLATFORM_ACCOUNT, userOf } from '../deployment/acting-as.ts';
import { type Granting, grantCommand } from '../deployment/grant-command.ts';
import type { KubeAnswer, KubeObject } from '../kube.ts';
import { type Check, type CheckId, fail, ok, warn } from './check.ts';

export interface RightsAsked extends Granting {
  readonly package: string;
  /** With the environment's suffix. */
  readonly landsIn: string;
}

/** What helm does with each object (server-side apply is a PATCH, which needs `create` for what is new: https://kubernetes.io/docs/reference/using-api/server-side-apply/). */
export const HELM_VERBS = ['get', 'create', 'patch', 'delete'] as const;

export function judgeNamespace(asked: RightsAsked, answer: KubeAnswer<KubeObject>): Check {
  const { landsIn } = asked;
  if (answer.ok && answer.value.metadata.deletionTimestamp !== undefined) {
    const fix = 'wait until it is gone, then make it anew';
    return fail('namespace', `namespace ${landsIn} is being deleted`, `${fix}: ${makeNamespace(asked)}`);
  }
  if (answer.ok) return ok('namespace', `namespace ${landsIn} is there and open to the deployer`);
  if (answer.code === 'not-found') return fail('namespace', `there is no namespace ${landsIn}`, makeNamespace(asked));
  if (answer.code === 'forbidden') {
    const says = `the deployer may not look at namespace ${landsIn}, or there is none (${answer.because})`;
    return fail('namespace', says, grantCommand(asked));
  }
  return fail('namespace', answer.because, 'try again');
}

/** A grant makes the namespace that it is for; the platform account's is for none. */
function makeNamespace(asked: RightsAsked): string {
  return asked.actAs === userOf(PLATFORM_ACCOUNT) ? `kubectl create namespace ${asked.landsIn}` : grantCommand(asked);
}

/** `account` is whether the service account itself is there. */
export function judgeActAs(
  asked: RightsAsked,
  seen: { readonly may: KubeAnswer<boolean>; readonly account: KubeAnswer<KubeObject> },
): Check | undefined {
  const account = accountOf(asked.actAs ?? '');
  if (account === undefined) return undefined;
  const name = `service account ${account.namespace}/${account.name}`;
  if (!seen.may.ok) return fail('act-as', seen.may.because, 'try again');
  if (!seen.may.value) return fail('act-as', `the deployer may not act as ${name}`, grantCommand(asked));
  if (!seen.account.ok && seen.account.code === 'not-found') {
    return warn('act-as', `the deployer may act as ${name}, but there is no such account`, grantCommand(asked));
  }
  return ok('act-as', `the deployer may act as ${name}`);
}

export interface KindAsked {
  readonly kind: string;
  /** Absent for kinds that have no namespace. */
  readonly namespace?: string | undefined;
}

/** `refused` are the verbs that are missing. */
export function judgeKind(asked: RightsAsked, { kind, namespace }: KindAsked, refused: readonly string[]): Check {
  const check: CheckId = `rbac:${kind}`;
  const account = accountOf(asked.actAs ?? '');
  const who = account === undefined ? 'the deployer' : `service account ${account.namespace}/${account.name}`;
  const where = namespace === undefined ? 'in the cluster' : `in ${namespace}`;
  if (refused.length === 0) return ok(check, `${who} may ${inWords(HELM_VERBS)} ${kind} ${where}`);
  const says = `${who} may not ${refused.join(', ')} ${kind} ${where}`;
  if (account !== undefined) return fail(check, says, `bind a Role with that right to ${who}: its own rights decide`);
  if (namespace === undefined) {
    const fix = `the kind has no namespace: register ${asked.package} as a platform package, or take it out of the chart`;
    return fail(check, says, fix);
  }
  if (namespace !== asked.landsIn) {
    return fail(check, says, `let the chart make it in ${asked.landsIn}, or grant the deployer ${namespace} as well`);
  }
  return fail(check, says, grantCommand(asked));
}

/** The cluster has no such kind. `bringsKinds`: the chart makes kinds of its own. */
export function judgeUnknownKind(
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  bringsKinds: boolean,
): Check {
  const check: CheckId = `rbac:${kind}`;
  const says = `the cluster knows no ${kind} of ${apiVersion}`;
  if (bringsKinds)
    return warn(check, `${says} yet; the chart may bring it along`, 'look again after the first rollout');
  return fail(check, says, 'install its CustomResourceDefinition first, or render the chart without it');
}

const inWords = (words: readonly string[]) => `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
