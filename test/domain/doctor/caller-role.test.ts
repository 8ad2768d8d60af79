import { expect, test } from 'vitest';
import { callerRole } from '../../../domain/doctor/caller-role.ts';

const session = (role: string) => `arn:aws:sts::123456789012:assumed-role/${role}/ada`;

test.each([
  ['fairlead-operator', { kind: 'operator', installation: 'fairlead' }],
  ['my-fairlead-reader', { kind: 'reader', installation: 'my-fairlead' }],
  ['fairlead-approver-sre', { kind: 'approver', installation: 'fairlead' }],
  ['fairlead-workflows', { kind: 'workflow', installation: 'fairlead' }],
  ['fairlead-break-glass', { kind: 'break-glass', installation: 'fairlead' }],
  ['fairlead-source-webui', { kind: 'source', installation: 'fairlead', source: 'webui' }],
  ['fairlead-source-my-operator', { kind: 'source', installation: 'fairlead', source: 'my-operator' }],
])('%s is told by its name', (role, expected) => {
  expect(callerRole(session(role))).toEqual({ account: '123456789012', role, session: 'ada', ...expected });
});

test('a role of somebody else has no kind', () => {
  expect(callerRole(session('admin'))).toEqual({ account: '123456789012', role: 'admin', session: 'ada' });
});

test.each(['arn:aws:iam::123456789012:user/ada', 'arn:aws:iam::123456789012:root', ''])(
  "'%s' is no role's session",
  (arn) => {
    expect(callerRole(arn)).toBeUndefined();
  },
);
