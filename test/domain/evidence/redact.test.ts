import { expect, test } from 'vitest';
import { redact, redactLines } from '../../../domain/evidence/redact.ts';

/** Put together here, so that no scanner takes this file for a leak. */
const jwt = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxIn0', 'c2lnbmF0dXJl'].join('.');
const accessKey = `AKIA${'IOSFODNN7EXAMPLE'}`;
const githubToken = `ghp_${'a'.repeat(36)}`;

test.each<[string, string]>([
  [`using ${accessKey} now`, 'using [redacted] now'],
  [`Authorization: Bearer ${jwt}`, 'Authorization: Bearer [redacted]'],
  ['authorization: bearer abcdef123456', 'authorization: bearer [redacted]'],
  ['Authorization: Basic dXNlcjpwYXNz', 'Authorization: Basic [redacted]'],
  [`session ${jwt} ended`, 'session [redacted] ended'],
  [`token k8s-aws-v1.aHR0cHM6Ly9zdHM`, 'token [redacted]'],
  [`pushed with ${githubToken}`, 'pushed with [redacted]'],
  ['password=hunter2 user=ann', 'password=[redacted] user=ann'],
  ['DB_PASSWORD: hunter2', 'DB_PASSWORD: [redacted]'],
  ['{"user":"ann","password":"hun, ter2"}', '{"user":"ann","password":[redacted]}'],
  ["aws_secret_access_key = 'abc/def'", 'aws_secret_access_key = [redacted]'],
  ['SECRET_KEY_2=abc', 'SECRET_KEY_2=[redacted]'],
  ['clientSecret=xyz; api-key=abc', 'clientSecret=[redacted]; api-key=[redacted]'],
  ['started with --password hunter2 --verbose', 'started with --password [redacted] --verbose'],
  ['dial postgres://ann:hunter2@db.example/web failed', 'dial postgres://ann:[redacted]@db.example/web failed'],
  ['redis://:hunter2@cache:6379', 'redis://:[redacted]@cache:6379'],
  ['GET /x?X-Amz-Signature=abc123&X-Amz-Date=1', 'GET /x?X-Amz-Signature=[redacted]&X-Amz-Date=1'],
])('%s', (line, redacted) => {
  expect(redact(line)).toBe(redacted);
});

test.each([
  'connection refused: database.staging.invalid:5432',
  'Back-off restarting failed container web in pod web-5d8f_web(uid)',
  'listening on http://0.0.0.0:8080/ready',
  'panic: runtime error: index out of range [3] with length 3',
  'secret "web-tls" not found',
  'GET /api/v1/namespaces/web/secrets: secrets is forbidden: User "ann" cannot list resource "secrets"',
  'serviceaccount token for web expired',
  'image registry.example/web:1.2.0@sha256:0123456789abcdef',
])('%s stays as it is', (line) => {
  expect(redact(line)).toBe(line);
});

test('every line of a private key is hidden, and nothing after it', () => {
  const begin = `-----BEGIN RSA ${'PRIVATE'} KEY-----`;
  const end = `-----END RSA ${'PRIVATE'} KEY-----`;
  expect(redactLines(['before', begin, 'MIIEow', end, 'after'])).toEqual([
    'before',
    '[redacted]',
    '[redacted]',
    '[redacted]',
    'after',
  ]);
});
