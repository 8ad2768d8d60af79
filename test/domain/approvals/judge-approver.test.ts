import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeApprover } from '../../../domain/approvals/judge-approver.ts';
import type { Principal } from '../../../domain/items/rollout.ts';
import { claimsOf } from '../../support/claims.ts';
import { aGate } from '../../support/items.ts';

const somebody = (role: string, session = 'bob', environment?: string): Principal => ({
  role,
  session,
  account: '111111111111',
  ...(environment !== undefined && { claims: claimsOf({ environment }) }),
});
const CI = somebody('fairlead-source-webui', 'ci');
const PRODUCTION = { roles: [], githubEnvironments: ['acme/webui:production'] };
const SRE = { roles: ['fairlead-approver-sre'], githubEnvironments: [] };

test.each<[string, Partial<Parameters<typeof aGate>[0]>, Principal, Principal, string, string | false]>([
  ['an operator, by default', {}, CI, somebody('fairlead-operator'), 'operator', 'role/fairlead-operator'],
  ['an approver, by default', {}, CI, somebody('fairlead-approver-sre'), 'approver', 'role/fairlead-approver-sre'],
  ['nobody else, by default', {}, CI, somebody('fairlead-source-shop'), 'source', false],
  [
    'no job in any environment, by default',
    {},
    CI,
    somebody('fairlead-source-shop', 'x', 'production'),
    'source',
    false,
  ],
  [
    'who is listed',
    { approvers: SRE },
    CI,
    somebody('fairlead-approver-sre'),
    'approver',
    'role/fairlead-approver-sre',
  ],
  ['no operator where others are listed', { approvers: SRE }, CI, somebody('fairlead-operator'), 'operator', false],
  [
    'a listed environment, not its role',
    { approvers: PRODUCTION },
    CI,
    somebody('fairlead-source-webui', 'x', 'production'),
    'source',
    'github/acme/webui:production',
  ],
  [
    'no other environment',
    { approvers: PRODUCTION },
    CI,
    somebody('fairlead-source-webui', 'x', 'review'),
    'source',
    false,
  ],
  [
    'not the environment that started it',
    { approvers: PRODUCTION },
    somebody('fairlead-workflows', 'y', 'production'),
    somebody('fairlead-source-webui', 'x', 'production'),
    'source',
    false,
  ],
  [
    'not another session of the role that started it',
    {},
    somebody('fairlead-operator', 'ann'),
    somebody('fairlead-operator'),
    'operator',
    false,
  ],
  [
    'that too where the gate lets them',
    { authorMayApprove: true },
    somebody('fairlead-operator', 'ann'),
    somebody('fairlead-operator'),
    'operator',
    'role/fairlead-operator',
  ],
  [
    'break-glass whoever is listed',
    { approvers: SRE },
    CI,
    somebody('fairlead-break-glass'),
    'break-glass',
    'role/fairlead-break-glass',
  ],
])('a stage is approved by %s', (_who, gate, author, principal, is, identity) => {
  const judged = judgeApprover({ gate: aGate(gate), author, approver: { principal, is }, decision: 'approve' });
  expect(judged).toMatchObject(identity === false ? { may: false } : { may: true, identity });
});

test('a role by which values were edited does not approve the rollout that brings them, unless authors may', () => {
  const judged = (authorMayApprove: boolean) =>
    judgeApprover({
      gate: aGate({ authorMayApprove }),
      author: somebody('values change', 'arn:aws:sts::111111111111:assumed-role/fairlead-operator/ann'),
      alsoBy: ['fairlead-operator'],
      approver: { principal: somebody('fairlead-operator'), is: 'operator' },
      decision: 'approve',
    });
  expect(judged(false)).toMatchObject({ may: false, because: expect.stringContaining('brings values changed by') });
  expect(judged(true)).toMatchObject({ may: true });
});

test('whoever started it may refuse it, as may whoever may approve, and nobody else', () => {
  const refuse = (principal: Principal, is: string) =>
    judgeApprover({ gate: aGate({ approvers: SRE }), author: CI, approver: { principal, is }, decision: 'refuse' });
  expect(refuse(somebody('fairlead-source-webui', 'another-job'), 'source')).toMatchObject({ may: true });
  expect(refuse(somebody('fairlead-approver-sre'), 'approver')).toMatchObject({ may: true });
  expect(refuse(somebody('fairlead-operator'), 'operator')).toMatchObject({ may: false });
});

test('what a session is called changes nothing', () => {
  const role = fc.constantFrom('fairlead-operator', 'fairlead-approver-sre', 'fairlead-source-webui');
  const environment = fc.constantFrom(undefined, 'production', 'review');
  const approvers = fc.constantFrom(undefined, SRE, PRODUCTION);
  fc.assert(
    fc.property(
      role,
      role,
      environment,
      approvers,
      fc.boolean(),
      fc.string(),
      fc.string(),
      (by, at, env, who, own, one, two) => {
        const gate = aGate({ authorMayApprove: own, approvers: who });
        const judged = (session: string) => {
          const approver = { principal: somebody(by, session, env), is: by.split('-')[1] ?? '' };
          return judgeApprover({ gate, author: somebody(at), approver, decision: 'approve' });
        };
        expect(judged(one)).toEqual(judged(two));
      },
    ),
  );
});
