import { AssignmentBody } from '../../../contracts/api/fasit.ts';
import { mayWorkOn } from '../../../domain/callers/workflow-rights.ts';
import { choosePackage } from '../../../domain/fasit/choose-package.ts';
import type { PackageItem } from '../../../domain/items/registry.ts';
import type { Claimed, VerifiedClaims } from '../../../domain/items/rollout.ts';
import { ranges } from '../../../domain/keys.ts';
import { stagesFromTargets } from '../../../domain/registry/stages-of.ts';
import { guardsOf } from '../../../domain/rollout/keep-gates.ts';
import { beginRollout, hashOf } from '../begin-rollout.ts';
import { type Answer, bodyOf, type Call } from '../call.ts';
import { claimsOf } from '../caller/token-caller.ts';
import type { Deps } from '../deps.ts';
import { Refused } from '../refused.ts';

/** POST /github/assignment: 201 with the rollout's id, the same for a repeat within the same attempt of the same run. */
export async function createAssignment(deps: Deps, call: Call): Promise<Answer> {
  const claims = claimsOf(call.caller);
  const body = bodyOf(call, AssignmentBody);
  refuseForeignRef(body.ref, claims);
  const { chart, version, target, description } = body;
  const { name } = await packageOf(deps, chart, claims);
  const { id } = await beginRollout(deps, {
    package: name,
    version,
    description,
    values: {},
    claimed: claimedBy(body.ref),
    principal: call.caller.principal,
    idempotency: keyOf(body, claims),
    stagesOf: (pkg) => {
      // The entry may have changed since it was chosen.
      const answer = mayWorkOn(pkg, claims);
      if (!answer.allowed) throw new Refused('forbidden', answer.because);
      return stagesFromTargets([{ target, wait: true }]);
    },
    guardsOf: (pkg) => guardsOf(pkg, deps.installation.promotionOrder),
  });
  return { status: 201, body: { id } };
}

/** Its client sends a request again when the answer was lost. The spaces keep the key apart from those that callers make. */
function keyOf(body: AssignmentBody, { repositoryId, runId, runAttempt }: VerifiedClaims) {
  const bodyHash = hashOf(body);
  return { key: `fasit ${repositoryId} ${runId} ${runAttempt} ${bodyHash}`, bodyHash };
}

async function packageOf({ table }: Deps, chart: string, claims: VerifiedClaims): Promise<PackageItem> {
  const choice = choosePackage(await table.query(ranges.packages()), chart, claims);
  switch (choice.found) {
    case 'package':
      return choice.pkg;
    case 'nothing':
      throw new Refused('not-found', choice.because);
    case 'foreign':
      throw new Refused('forbidden', choice.because);
    case 'several':
      throw new Refused('conflict', choice.because);
  }
}

/** What fasit believed is proved here: the repository is the token's. */
function refuseForeignRef({ owner, repo }: AssignmentBody['ref'], { repository }: VerifiedClaims): void {
  if (`${owner}/${repo}`.toLowerCase() === repository.toLowerCase()) return;
  throw new Refused('token-refused', `invalid ref: it names ${owner}/${repo}, and the token is of ${repository}`);
}

const claimedBy = ({ owner, repo, ref }: AssignmentBody['ref']): Claimed => ({ repository: `${owner}/${repo}`, ref });
