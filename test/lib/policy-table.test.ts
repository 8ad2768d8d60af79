/** Who may do what, judged by a policy engine on the policies that are deployed. Prints the whole table at its end. */
import { allowedContextKeysForRequest } from '@cloud-copilot/iam-simulate';
import { afterAll, describe, expect, test } from 'vitest';
import { ACCOUNT, policiesOf, type Ruling } from '../support/policies.ts';
import { testConfig } from '../support/synth.ts';
import { CALLS } from './policy-table/calls.ts';
import { DEPLOYER } from './policy-table/deployer.ts';
import { PEOPLE, PEOPLE_SETTINGS } from './policy-table/people.ts';
import { judge, type Row, tableOf } from './policy-table/row.ts';
import { SECRET_ROWS, SECRET_SETTINGS } from './policy-table/secrets.ts';
import { ORGANISATION, SHARED_ROLE } from './policy-table/shared-role.ts';
import { SOURCES, TOKENS } from './policy-table/tokens.ts';

const policies = policiesOf(
  testConfig({ sources: SOURCES, selfService: ORGANISATION, ...PEOPLE_SETTINGS, ...SECRET_SETTINGS }),
);
const ROWS: readonly Row[] = [...TOKENS, ...CALLS, ...SHARED_ROLE, ...PEOPLE, ...DEPLOYER, ...SECRET_ROWS];
const rulings = new Map<Row, Ruling>();

afterAll(() =>
  // biome-ignore lint/suspicious/noConsole: the table is for people to read
  console.log(`Who may do what: ${ROWS.length} attempts, and what decides them\n\n${tableOf(ROWS, rulings)}`),
);

describe('the policies', () => {
  test.each(ROWS.map((row) => [row.allowed ? 'allow' : 'refuse', row.role, row.says, row] as const))(
    '%s %s: %s',
    async (_verb, _role, _says, row) => {
      const ruling = await judge(policies, row);
      rulings.set(row, ruling);
      expect(ruling).toEqual({ allowed: row.allowed, by: row.by });
    },
  );

  test('ask for nothing that AWS does not tell them: a condition on it would refuse everybody', async () => {
    const everyProviderHas = ['aud', 'sub'].map((claim) => `token.actions.githubusercontent.com:${claim}`);
    for (const [action, key] of policies.trustKeys()) {
      const [service = '', verb = ''] = action.split(':');
      const told = await allowedContextKeysForRequest(
        service,
        verb,
        `arn:aws:iam::${ACCOUNT}:role/any`,
        false,
        undefined,
      );
      expect([...told, ...everyProviderHas], `${action} is told ${key}`).toContain(key.toLowerCase());
    }
  });

  test('cannot ask how long a session shall last, which is why none does (docs/adr/0013)', async () => {
    const role = `arn:aws:iam::${ACCOUNT}:role/any`;
    const told = await allowedContextKeysForRequest('sts', 'AssumeRoleWithWebIdentity', role, false, undefined);
    expect(told).toContain('token.actions.githubusercontent.com:repository_owner_id');
    expect(told).not.toContain('sts:durationseconds');
  });
});
