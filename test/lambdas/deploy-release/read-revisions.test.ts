/** What helm remembers of a release, told by labels alone and read as whoever may look there. */
import { expect, test } from 'vitest';
import { RevisionsAnswer } from '../../../contracts/revisions.ts';
import { PLATFORM_ACCOUNT, userOf } from '../../../domain/deployment/acting-as.ts';
import type { Deps } from '../../../lambdas/deploy-release/deps.ts';
import { readRevisions } from '../../../lambdas/deploy-release/read-revisions.ts';
import { pretendCluster } from '../../support/deployer/pretend-cluster.ts';
import { aDeployment } from '../../support/items.ts';

const { place } = aDeployment();
const asked = { v: 1 as const, operation: 'revisions' as const, environment: 'dev', place };

function reading(cluster = pretendCluster([{ status: 'superseded', fence: 3 }, { status: 'deployed' }], 4)) {
  const as: (string | undefined)[] = [];
  const reach: Deps['reach'] = async (_place, _environment, lookingAs) => {
    as.push(lookingAs);
    return { reached: true, cluster };
  };
  return { as, read: readRevisions({ reach }) };
}

test('each revision is told with its status, and with its fence where it has one', async () => {
  const answer = await reading().read(asked);
  expect(RevisionsAnswer.parse(answer)).toEqual(answer);
  expect(answer).toMatchObject({
    outcome: 'read',
    revisions: [
      { revision: 4, status: 'superseded', fence: 3 },
      { revision: 5, status: 'deployed' },
    ],
  });
});

test('what cannot be read is unreadable, in the cluster’s words', async () => {
  const cluster = pretendCluster();
  cluster.blind = { ok: false, code: 'forbidden', because: 'secrets is forbidden' };
  expect(await reading(cluster).read(asked)).toEqual({ outcome: 'unreadable', because: 'secrets is forbidden' });
  const reach = async () => ({ reached: false as const, because: 'no route to host' });
  expect(await readRevisions({ reach })(asked)).toEqual({ outcome: 'unreadable', because: 'no route to host' });
});

test.each([
  ['a platform package', userOf(PLATFORM_ACCOUNT), userOf(PLATFORM_ACCOUNT)],
  ['a team’s package', userOf({ namespace: 'web', name: 'web' }), undefined],
  ['any other', undefined, undefined],
])('of %s it is read as what became of it is looked at', async (_, actAs, expected) => {
  const { as, read } = reading();
  await read({ ...asked, ...(actAs !== undefined && { actAs }) });
  expect(as).toEqual([expected]);
});
