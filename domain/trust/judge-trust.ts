/** Would this role let this token in? Which statement decides, and which of its conditions? */
import { judgeCondition } from './judge-condition.ts';
import { isLike } from './match-of.ts';
import { GITHUB_PROVIDER, type TrustCondition, type TrustPolicy, type TrustStatement } from './trust-policy.ts';
import type { TrustContext } from './web-identity.ts';

/** One condition that keeps the statement from applying, or of which nothing can be said. */
export interface Obstacle {
  readonly condition?: TrustCondition;
  readonly verdict: 'fails' | 'unknown';
  readonly because: string;
}

export interface StatementAnswer {
  readonly name: string;
  readonly effect: TrustStatement['effect'];
  readonly verdict: 'applies' | 'does-not-apply' | 'unknown';
  readonly obstacles: readonly Obstacle[];
}

export interface TrustAnswer {
  /** `unknown` when it hangs on something that is not understood here. */
  readonly verdict: 'allowed' | 'refused' | 'unknown';
  readonly because: string;
  readonly statements: readonly StatementAnswer[];
}

const ACTION = 'sts:assumerolewithwebidentity';

/** Judges every statement, then all of them as IAM does: a Deny that applies wins, without an Allow nobody gets in. */
export function judgeTrust({ statements }: TrustPolicy, context: TrustContext): TrustAnswer {
  const answers = statements.filter(isForTokens).map((statement) => judgeStatement(statement, context));
  const pick = (effect: string, verdict: string) =>
    answers.find((answer) => answer.effect === effect && answer.verdict === verdict);
  const told = (verdict: TrustAnswer['verdict'], because: string) => ({ verdict, because, statements: answers });
  const denied = pick('Deny', 'applies');
  if (denied !== undefined) return told('refused', `${denied.name} denies it`);
  const unclear = pick('Deny', 'unknown');
  const allowed = pick('Allow', 'applies');
  if (allowed !== undefined && unclear === undefined) return told('allowed', `${allowed.name} allows it`);
  const open = allowed === undefined ? pick('Allow', 'unknown') : unclear;
  if (open !== undefined) return told('unknown', `${open.name} cannot be judged: ${open.obstacles[0]?.because ?? ''}`);
  const none = answers.some(({ effect }) => effect === 'Allow');
  return told('refused', none ? 'no statement lets this token in' : 'the policy trusts no GitHub token at all');
}

/** Whether the statement has anything to do with tokens of GitHub's provider; one that is not understood may have. */
function isForTokens({ actions, federated, unread }: TrustStatement): boolean {
  if (unread.length > 0) return true;
  const ours = (arn: string) =>
    arn === '*' || arn.endsWith(`:oidc-provider/${GITHUB_PROVIDER}`) || arn === GITHUB_PROVIDER;
  return actions.some((action) => isLike(ACTION, action.toLowerCase())) && federated.some(ours);
}

function judgeStatement({ name, effect, conditions, unread }: TrustStatement, context: TrustContext): StatementAnswer {
  const strange = unread.map((part): Obstacle => ({ verdict: 'unknown', because: `${part} is not understood here` }));
  const judged = conditions.flatMap((condition): Obstacle[] => {
    const { verdict, because } = judgeCondition(condition, context);
    return verdict === 'holds' ? [] : [{ condition, verdict, because }];
  });
  const obstacles = [...strange, ...judged];
  // One condition that fails is enough, whatever the others are.
  if (judged.some(({ verdict }) => verdict === 'fails')) {
    return { name, effect, verdict: 'does-not-apply', obstacles };
  }
  return { name, effect, verdict: obstacles.length > 0 ? 'unknown' : 'applies', obstacles };
}
