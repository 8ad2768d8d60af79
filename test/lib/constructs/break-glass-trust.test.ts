import { runSimulation } from '@cloud-copilot/iam-simulate';
import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { expect, test } from 'vitest';
import { breakGlassTrust } from '../../../lib/constructs/break-glass-trust.ts';

const ACCOUNT = '123456789012';
const iam = (path: string) => `arn:aws:iam::${ACCOUNT}:${path}`;
const session = `arn:aws:sts::${ACCOUNT}:assumed-role/on-call/ada`;

/** Would the emergency role be lent to somebody of the account whom the account itself lets ask for it? */
async function lends(who: readonly string[], principal: string, contextVariables: Readonly<Record<string, string>>) {
  const trust = new PolicyDocument({ statements: [...breakGlassTrust(who)] });
  const ask = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:*', Resource: '*' }] };
  const answer = await runSimulation(
    {
      request: {
        principal,
        action: 'sts:AssumeRole',
        resource: { resource: iam('role/fairlead-break-glass'), accountId: ACCOUNT },
        contextVariables: { ...contextVariables },
      },
      identityPolicies: [{ name: 'ask', policy: ask }],
      resourcePolicy: trust.toJSON(),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (answer.resultType !== 'single') throw new Error('nothing was judged');
  return answer.overallResult === 'Allowed';
}

const ada = { 'aws:PrincipalArn': iam('user/ada'), 'aws:username': 'ada', 'sts:RoleSessionName': 'ada' };
const FACTOR = { 'aws:MultiFactorAuthPresent': 'true' };
const SAID = { 'sts:SourceIdentity': 'ada' };
const onCall = { 'aws:PrincipalArn': iam('role/on-call') };

test.each([
  ['its users with a second factor', iam('user/ada'), { ...ada, ...FACTOR }, true],
  ['no user who only says a name', iam('user/ada'), { ...ada, ...SAID }, false],
  ['sessions of its roles that say who they are', session, { ...onCall, ...SAID }, true],
  ['no session of its roles that does not', session, onCall, false],
])('an account named for emergencies stands for %s', async (_who, principal, context, allowed) => {
  expect(await lends([iam('root')], principal, context)).toBe(allowed);
});
