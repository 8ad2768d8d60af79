import { expect, test } from 'vitest';
import { mapCaller } from '../../../local/cluster/map-caller.ts';

const ROLE = 'arn:aws:iam::000000000000:role/fairlead-deployer';
const sessionOf = (role: string, session = 'one', account = '000000000000') =>
  `arn:aws:sts::${account}:assumed-role/${role}/${session}`;

test('a session of a deployer is a member of the deployers, by its name', () => {
  expect(mapCaller(sessionOf('fairlead-deployer'), [ROLE])).toEqual({
    user: 'fairlead:one',
    groups: ['fairlead:deployers'],
  });
});

test('a session named like a mail address does not become one', () => {
  expect(mapCaller(sessionOf('fairlead-deployer', 'ada@example.com'), [ROLE])?.user).toBe('fairlead:ada-example.com');
});

test.each([
  ['another role', sessionOf('fairlead-operator')],
  ['a role whose name only begins so', sessionOf('fairlead-deployer-2')],
  ['a role of another account', sessionOf('fairlead-deployer', 'one', '111111111111')],
  ['a user', 'arn:aws:iam::000000000000:user/fairlead-deployer'],
  ["the account's root", 'arn:aws:iam::000000000000:root'],
  ['a role with a path in its session', sessionOf('x/fairlead-deployer')],
  ['nobody', ''],
])('%s is nobody', (_, arn) => {
  expect(mapCaller(arn, [ROLE])).toBeUndefined();
});
