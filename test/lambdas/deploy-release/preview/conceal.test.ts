import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../../adapters/canonical-json.ts';
import { redactor } from '../../../../domain/values/secrets/redactor.ts';
import { conceal } from '../../../../lambdas/deploy-release/preview/conceal.ts';
import { redactDiff } from '../../../../lambdas/deploy-release/preview/redact-diff.ts';
import { aDiff, image } from '../../../support/plan-diffs.ts';

const digestOf = (content: string | Uint8Array) =>
  `hmac-sha256:${createHash('sha256').update('key').update(content).digest('hex')}`;
const of = {
  digest: async (content: string | Uint8Array) => digestOf(content),
  canonical: canonicalJson,
  redact: redactor(['hunter2-hunter2']),
};
const shown = (from: unknown, to: unknown, kind = 'Deployment', path: readonly string[] = ['spec', 'x']) =>
  conceal(of, kind)({ path, from, to });
const base64 = (text: string) => Buffer.from(text).toString('base64');
const secret = (content: string) => ({ secret: true, digest: digestOf(content) });

test('what is no secret shows as it is', async () => {
  expect(await shown(1, { a: [true] })).toEqual({ path: 'spec.x', from: { value: 1 }, to: { value: { a: [true] } } });
  expect(await shown(undefined, 'a')).toEqual({ path: 'spec.x', to: { value: 'a' } });
});

test("a Secret's data are keyed digests of what they hold, whatever they hold", async () => {
  expect(await shown(base64('old'), base64('new'), 'Secret', ['data', 'password'])).toEqual({
    path: 'data.password',
    from: secret('old'),
    to: secret('new'),
  });
  const { to } = await shown(undefined, { a: 'b' }, 'Secret', ['data']);
  expect(to).toEqual(secret('{"a":"b"}'));
});

test.each<[string, unknown]>([
  ['as it is', 'hunter2-hunter2'],
  ['inside of a text', 'db://u:hunter2-hunter2@db'],
  ['in base64', base64('x:hunter2-hunter2')],
  ['deep inside', { a: [{ b: 'hunter2-hunter2' }] }],
  ['as a key', { 'hunter2-hunter2': 1 }],
])('a secret %s hides both sides, for what it was may be one too', async (_, to) => {
  const found = await shown('an older one', to);
  expect(found.from).toEqual(secret('an older one'));
  expect(found.to?.secret).toBe(true);
  expect(JSON.stringify(found)).not.toContain('hunter2');
});

test('where nobody knows which secrets are deployed, what stands there is told by digests only', async () => {
  const unsure = (from: unknown, to: unknown) =>
    conceal({ ...of, unsure: true }, 'Deployment')({ path: ['x'], from, to });
  expect(await unsure('an older secret', 'plain')).toEqual({
    path: 'x',
    from: secret('an older secret'),
    to: { value: 'plain' },
  });
  expect(await unsure('a\nb\nold', 'a\nb\nnew')).toMatchObject({ from: { secret: true }, to: { value: 'a\nb\nnew' } });
  expect((await unsure('a', 'hunter2-hunter2')).to).toEqual(secret('hunter2-hunter2'));
  expect(await unsure(true, false)).toEqual({ path: 'x', from: { value: true }, to: { value: false } });
  expect(await unsure(undefined, 'a')).toEqual({ path: 'x', to: { value: 'a' } });
});

test('of a long text the lines that change are told', async () => {
  const text = (level: string) => `a: 1\nlevel: ${level}\nb: 2\n`;
  const { lines, from, to } = await shown(text('info'), text('debug'));
  expect({ from, to }).toEqual({ from: undefined, to: undefined });
  expect(lines).toEqual(expect.arrayContaining(['-level: info', '+level: debug']));
});

test('of very many lines the first are told, and the rest counted', async () => {
  const text = (mark: string) => Array.from({ length: 500 }, (_, i) => `${mark}${i}`).join('\n');
  const { lines } = await shown(text('a'), text('b'));
  expect(lines?.length).toBe(101);
  expect(lines?.at(-1)).toMatch(/^… and \d+ more lines$/);
});

test('a value that is too long is cut, and its digest tells it from others', async () => {
  const [one, other] = await Promise.all([
    shown(undefined, `${'x'.repeat(5000)}1`),
    shown(undefined, `${'x'.repeat(5000)}2`),
  ]);
  expect(String(one.to?.value)).toHaveLength(2001);
  expect(one.to?.value).toBe(other.to?.value);
  expect(one.to?.digest).not.toBe(other.to?.digest);
});

test('the last look masks whatever text still tells a secret, and leaves our own words alone', () => {
  const word = 'hunter2-hunter2';
  const diff = aDiff('dev', {
    state: 'changes',
    because: `it is ${word}`,
    objects: [{ ...image('1', '2'), name: word }],
    values: [{ key: word, to: { value: { state: word, digest: [word] } }, origin: word }],
    hooks: [`pre-upgrade Job ${word}`],
    problems: [{ code: 'invalid', blocks: true, because: word, object: word, fields: [word] }],
    notes: [word],
  });
  const redacted = redactDiff(diff, redactor([word, 'changes', 'everyone', 'invalid']));
  expect(JSON.stringify(redacted)).not.toContain('hunter2');
  expect(redacted).toMatchObject({ state: 'changes', stage: 'everyone', problems: [{ code: 'invalid' }] });
});
