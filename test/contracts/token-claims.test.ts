import { expect, test } from 'vitest';
import { readClaims } from '../../contracts/token-claims.ts';

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const SUB = { sub: 'repo:acme/webui:ref:refs/heads/main' };

test('claims are read from JSON and from a token, numbers as IAM compares them', () => {
  expect(readClaims(JSON.stringify({ ...SUB, exp: 1, odd: { a: 1 } }))).toEqual({
    ok: true,
    claims: { ...SUB, exp: '1' },
  });
  expect(readClaims(` ${base64({ alg: 'RS256' })}.${base64(SUB)}.c2ln\n`)).toEqual({ ok: true, claims: SUB });
});

test.each([
  ['no JSON', 'secret-text'],
  ['a list', '["secret-text"]'],
  ['no sub', '{"aud":"secret-text"}'],
  ['a token of garbage', 'secret-text.secret-text.secret-text'],
  ['20 MB', `{"sub":"secret-text${'x'.repeat(70_000)}"}`],
])('%s is refused without repeating it', (_what, text) => {
  const found = readClaims(text);
  expect(found.ok).toBe(false);
  expect(JSON.stringify(found)).not.toContain('secret-text');
});
