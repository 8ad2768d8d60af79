/** The evaluator agrees with an independent one on the kinds of policies that we and others write. */
import { runSimulation } from '@cloud-copilot/iam-simulate';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TrustDocument } from '../../../contracts/trust-document.ts';
import { judgeTrust } from '../../../domain/trust/judge-trust.ts';
import { type TokenClaims, trustContext } from '../../../domain/trust/web-identity.ts';

const PROVIDER = 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com';
const ROLE = 'arn:aws:iam::123456789012:role/fairlead-source-webui';
const key = (claim: string) => `token.actions.githubusercontent.com:${claim}`;
const allow = (Condition: object, more: object = {}) => ({
  Effect: 'Allow',
  Principal: { Federated: PROVIDER },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition,
  ...more,
});
const judged = (statements: readonly object[], claims: TokenClaims) =>
  judgeTrust(TrustDocument.parse({ Version: '2012-10-17', Statement: statements }), trustContext(claims));

/** The engine's data has no sub and aud and would leave them out of every request: they go by names of other claims. */
const asEngineKnows = (text: string) =>
  text.replaceAll(key('sub'), key('workflow')).replaceAll(key('aud'), key('actor'));

const MAIN: TokenClaims = { aud: 'sts.amazonaws.com', sub: 'repo:acme/webui:ref:refs/heads/main' };
const SUB = { StringEquals: { [key('sub')]: MAIN['sub'], [key('aud')]: MAIN['aud'] } };

describe('a trust policy', () => {
  test('lets in whom one statement allows, and names it', () => {
    expect(judged([allow(SUB, { Sid: 'Refs' })], MAIN)).toMatchObject({
      verdict: 'allowed',
      because: 'Refs allows it',
    });
  });

  test('keeps out whom a Deny names, whatever allows', () => {
    expect(judged([allow(SUB), allow(SUB, { Effect: 'Deny' })], MAIN)).toMatchObject({
      verdict: 'refused',
      because: 'statement 2 denies it',
    });
  });

  test.each<[string, object]>([
    ['another principal', allow(SUB, { Principal: { AWS: 'arn:aws:iam::123456789012:root' } })],
    ['another action', allow(SUB, { Action: 'sts:AssumeRole' })],
    ['another provider', allow(SUB, { Principal: { Federated: `${PROVIDER}/enterprise` } })],
  ])('for %s lets no token in', (_what, statement) => {
    expect(judged([statement], MAIN)).toMatchObject({ verdict: 'refused', statements: [] });
  });

  test.each<[string, object]>([
    ['NotPrincipal', { Effect: 'Allow', NotPrincipal: { AWS: '*' }, Action: 'sts:*' }],
    ['NotAction', { Effect: 'Allow', Principal: '*', NotAction: 'sts:AssumeRole' }],
    ['an unknown operator', allow({ ...SUB, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })],
    ['a Deny that cannot be judged', allow({ Bool: { 'aws:SecureTransport': 'false' } }, { Effect: 'Deny' })],
  ])('with %s is never said to allow', (_what, statement) => {
    expect(judged([statement, ...(String(_what).includes('Deny') ? [allow(SUB)] : [])], MAIN).verdict).toBe('unknown');
  });

  test('is refused for certain when a condition fails, whatever else cannot be judged', () => {
    const sub = { StringEquals: { [key('sub')]: 'repo:acme/other:ref:refs/heads/main' } };
    expect(judged([allow({ ...sub, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })], MAIN).verdict).toBe('refused');
  });

  const values = [
    'repo:acme/webui:ref:refs/heads/main',
    'repo:acme@1/webui@2:ref:refs/heads/main',
    'acme/webui',
    '1',
    '2',
    'Main',
  ];
  const pattern = fc.constantFrom(
    'repo:acme/*',
    'repo:acme/webui:ref:refs/heads/mai?',
    '*',
    '?',
    'repo:acme@1/*:ref:refs/heads/*',
  );
  const claim = fc.constantFrom(
    'sub',
    'aud',
    'repository_id',
    'repository_owner_id',
    'environment',
    'job_workflow_ref',
    'ref',
  );
  const operator = fc.constantFrom(
    ...['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike', 'StringEqualsIgnoreCase'],
    ...['StringEqualsIfExists', 'StringLikeIfExists', 'ForAnyValue:StringLike', 'Null'],
  );
  const condition = fc
    .dictionary(
      operator,
      fc.dictionary(
        claim.map(key),
        fc.array(fc.oneof(fc.constantFrom(...values), pattern), { minLength: 1, maxLength: 3 }),
        { minKeys: 1, maxKeys: 2 },
      ),
      { minKeys: 1, maxKeys: 3 },
    )
    .map((found) =>
      'Null' in found
        ? { ...found, Null: Object.fromEntries(Object.keys(found['Null'] ?? {}).map((k) => [k, 'true'])) }
        : found,
    );
  const statement = fc.record({ Effect: fc.constantFrom('Allow', 'Allow', 'Deny'), Condition: condition });
  const token = fc.record(
    {
      sub: fc.constantFrom(...values),
      aud: fc.constantFrom('sts.amazonaws.com', ...values),
      repository_id: fc.constantFrom('1', '2'),
      repository_owner_id: fc.constantFrom('1', '2'),
      environment: fc.constantFrom('1', 'Main', 'main'),
      job_workflow_ref: fc.constantFrom(...values),
      ref: fc.constantFrom(...values),
    },
    { requiredKeys: ['sub', 'aud'] },
  );

  test('is judged as an independent engine judges it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(statement, { minLength: 1, maxLength: 3 }), token, async (statements, claims) => {
        const Statement = statements.map(({ Effect, Condition }) => allow(Condition, { Effect }));
        const found = await runSimulation(
          {
            request: {
              principal: PROVIDER,
              action: 'sts:AssumeRoleWithWebIdentity',
              resource: { resource: ROLE, accountId: '123456789012' },
              contextVariables: Object.fromEntries(
                Object.entries(claims).map(([name, value]) => [asEngineKnows(key(name)), value]),
              ),
            },
            identityPolicies: [],
            serviceControlPolicies: [],
            resourceControlPolicies: [],
            resourcePolicy: JSON.parse(asEngineKnows(JSON.stringify({ Version: '2012-10-17', Statement }))),
          },
          {},
        );
        if (found.resultType === 'error') throw new Error(JSON.stringify(found.errors));
        expect(judged(Statement, claims).verdict).toBe(found.overallResult === 'Allowed' ? 'allowed' : 'refused');
      }),
      { numRuns: 300 },
    );
  });
});
