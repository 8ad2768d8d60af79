/** A trust policy's answer about one token, in the words that a person needs to mend it. */
import { type Explained, explainSubject } from './explain-subject.ts';
import type { Obstacle, StatementAnswer, TrustAnswer } from './judge-trust.ts';
import { GITHUB_PROVIDER } from './trust-policy.ts';
import type { TokenClaims } from './web-identity.ts';

const SUB = `${GITHUB_PROVIDER}:sub`;
const AUD = `${GITHUB_PROVIDER}:aud`;

/** Each Allow statement with the conditions that keep the token out, and what to do. Nothing for a token that is let in. */
export function explainTrust({ verdict, statements, because }: TrustAnswer, claims: TokenClaims): readonly Explained[] {
  if (verdict === 'allowed') return [];
  const denies = statements.filter((one) => one.effect === 'Deny' && one.verdict === 'applies');
  if (denies.length > 0) return [{ because, fix: 'take the Deny out of the trust policy, or narrow it' }];
  const allows = statements.filter(({ effect }) => effect === 'Allow');
  if (allows.length === 0) {
    return [
      { because, fix: 'give the role of a source (cdk deploy prints SourceRoleArn…); this one is for somebody else' },
    ];
  }
  return nearest(allows).flatMap(({ name, obstacles }) =>
    obstacles.map((obstacle) => {
      const { because: why, fix } = explain(obstacle, claims, statements);
      return { because: `${name}: ${why}`, fix };
    }),
  );
}

/** A policy often names jobs in several statements; those that miss by the fewest conditions are worth reading. */
function nearest(allows: readonly StatementAnswer[]): readonly StatementAnswer[] {
  const fewest = Math.min(...allows.map(({ obstacles }) => obstacles.length));
  return allows.filter(({ obstacles }) => obstacles.length === fewest);
}

function explain(obstacle: Obstacle, claims: TokenClaims, statements: readonly StatementAnswer[]): Explained {
  const { condition, verdict, because } = obstacle;
  const key = condition?.key.toLowerCase();
  if (verdict === 'unknown' || condition === undefined || key === undefined) {
    return { because, fix: 'compare it by hand, or ask AWS: the IAM policy simulator or CloudTrail says what STS saw' };
  }
  const seen = claims[key.replace(`${GITHUB_PROVIDER}:`, '')];
  if (key === SUB && typeof seen === 'string' && !condition.operator.includes('Not')) {
    const { because: why, fix } = explainSubject(seen, acceptedSubjects(statements));
    return { because: `${why}: ${because}`, fix };
  }
  if (key === AUD) return { because, fix: `ask GitHub for a token with audience '${condition.values.join("' or '")}'` };
  const claim = condition.key.replace(`${GITHUB_PROVIDER}:`, '');
  const fix = FIXES[claim] ?? `run a job whose claim ${claim} is what the policy asks for, or change the policy`;
  return { because, fix };
}

/** Of all statements, so that the nearest one is found wherever it stands. */
const acceptedSubjects = (statements: readonly StatementAnswer[]) =>
  statements.flatMap(({ effect, obstacles }) =>
    effect === 'Deny'
      ? []
      : obstacles.flatMap(({ condition }) => (condition?.key.toLowerCase() === SUB ? condition.values : [])),
  );

const FIXES: Readonly<Record<string, string>> = {
  repository_id:
    'the repository was made anew, or the id is mistyped: set repositoryId of the source in fairlead.yaml (gh api repos/OWNER/NAME --jq .id) and deploy',
  repository_owner_id:
    'another owner, or a mistyped id: set ownerId of the source in fairlead.yaml (gh api repos/OWNER/NAME --jq .owner.id) and deploy',
  job_workflow_ref:
    "call the reusable workflow that the source names, at that ref, or change the source's jobWorkflowRef in fairlead.yaml and deploy",
  environment:
    "run the job in a GitHub environment that the source names, or add this one to the source's environments",
  ref: 'run the job on a branch or tag that the source names; a pull request has none of them',
};
