import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeCondition } from '../../../domain/trust/judge-condition.ts';
import { isLike } from '../../../domain/trust/match-of.ts';
import type { TrustCondition } from '../../../domain/trust/trust-policy.ts';
import { type TokenClaims, trustContext } from '../../../domain/trust/web-identity.ts';

const claims: TokenClaims = { sub: 'repo:acme/webui:ref:refs/heads/main', repository_id: '7', aud: ['one', 'two'] };
const verdict = (operator: string, claim: string, ...values: string[]) => {
  const condition: TrustCondition = { operator, key: `token.actions.githubusercontent.com:${claim}`, values };
  return judgeCondition(condition, trustContext(claims)).verdict;
};

describe('a condition', () => {
  test.each<[string, string, string[], string]>([
    ['StringEquals', 'sub', ['repo:acme/webui:ref:refs/heads/main'], 'holds'],
    ['StringEquals', 'sub', ['no', 'repo:acme/webui:ref:refs/heads/main'], 'holds'],
    ['StringEquals', 'sub', ['repo:acme/webui:*'], 'fails'],
    ['StringEquals', 'sub', ['REPO:acme/webui:ref:refs/heads/main'], 'fails'],
    ['StringEqualsIgnoreCase', 'sub', ['REPO:acme/webui:ref:refs/heads/main'], 'holds'],
    ['StringNotEquals', 'sub', ['a', 'b'], 'holds'],
    ['StringNotEquals', 'repository_id', ['7', 'b'], 'fails'],
    ['StringLike', 'sub', ['repo:acme/*:ref:refs/heads/mai?'], 'holds'],
    ['StringLike', 'sub', ['repo:acme/WEB*'], 'fails'],
    ['StringNotLike', 'sub', ['*:pull_request'], 'holds'],
    ['StringEquals', 'environment', ['production'], 'fails'],
    ['StringNotEquals', 'environment', ['production'], 'holds'],
    ['StringEqualsIfExists', 'environment', ['production'], 'holds'],
    ['StringEqualsIfExists', 'repository_id', ['8'], 'fails'],
    ['Null', 'environment', ['true'], 'holds'],
    ['Null', 'sub', ['true'], 'fails'],
    ['NumericLessThanEquals', 'repository_id', ['7'], 'holds'],
    ['NumericLessThan', 'repository_id', ['7'], 'fails'],
    ['NumericEquals', 'repository_id', ['7.0'], 'holds'],
    ['NumericGreaterThan', 'repository_id', ['x'], 'fails'],
    ['Bool', 'repository_id', ['7'], 'holds'],
    ['ForAnyValue:StringEquals', 'aud', ['two'], 'holds'],
    ['ForAnyValue:StringEquals', 'environment', ['two'], 'fails'],
    ['ForAllValues:StringEquals', 'aud', ['two'], 'fails'],
    ['ForAllValues:StringEquals', 'aud', ['two', 'one'], 'holds'],
    ['ForAllValues:StringEquals', 'environment', ['two'], 'holds'],
    ['ForAnyValue:StringNotEquals', 'aud', ['two'], 'holds'],
  ])('%s on %s with %j %4$s', (operator, claim, values, expected) => {
    expect(verdict(operator, claim, ...values)).toBe(expected);
  });

  test.each<[string, string, string[]]>([
    ['IpAddress', 'sub', ['10.0.0.0/8']],
    ['ArnLike', 'sub', ['arn:*']],
    ['DateLessThan', 'sub', ['2026-01-01']],
    ['toString', 'sub', ['x']],
    ['ForAnyValue:StringEqualsIfExists', 'sub', ['x']],
    ['StringEquals', 'sub', ['${aws:username}']],
    ['StringEquals', 'repository_visibility', ['private']],
    ['StringEquals', 'aud', ['one']],
  ])('%s on %s with %j cannot be told, and is never taken for true', (operator, claim, values) => {
    expect(verdict(operator, claim, ...values)).toBe('unknown');
  });

  test('of a key that is not of the token cannot be told', () => {
    const condition = { operator: 'StringEquals', key: 'aws:SourceIp', values: ['10.0.0.1'] };
    expect(judgeCondition(condition, trustContext(claims)).verdict).toBe('unknown');
  });

  test('says key, seen value, operator and what it asks for', () => {
    const condition = {
      operator: 'StringEquals',
      key: 'token.actions.githubusercontent.com:repository_id',
      values: ['8'],
    };
    expect(judgeCondition(condition, trustContext(claims)).because).toBe(
      "token.actions.githubusercontent.com:repository_id is '7', and StringEquals asks for '8'",
    );
  });
});

describe('a pattern', () => {
  const piece = fc.constantFrom('a', 'b', '*', '?', '.', '+', '(');

  test('means what the same regular expression means', () => {
    fc.assert(
      fc.property(fc.array(piece), fc.array(piece.filter((p) => p !== '*' && p !== '?')), (pattern, text) => {
        const source = pattern
          .map((p) => (p === '*' ? '.*' : p === '?' ? '.' : `\\${p}`.replace(/\\([ab])/, '$1')))
          .join('');
        expect(isLike(text.join(''), pattern.join(''))).toBe(new RegExp(`^${source}$`, 's').test(text.join('')));
      }),
    );
  });

  test('of many stars takes no time', () => {
    expect(isLike('a'.repeat(5_000), `${'*a'.repeat(200)}*b`)).toBe(false);
  });
});
