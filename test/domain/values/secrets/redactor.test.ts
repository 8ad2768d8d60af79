/** Canaries in every form that texts give them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MASK, redactor } from '../../../../domain/values/secrets/redactor.ts';

const SECRET = 'p@ss"w0rd\\n\'ord/ü+ %41 end';
const PEM = ['-----BEGIN KEY-----', 'MIIEvQIBADANBgkqhkiG9w0', 'BAQEFAASCBKcwggSjAgEAAo', '-----END KEY-----', ''].join(
  '\n',
);

const json = (value: unknown) => JSON.stringify(value);
const base64 = (text: string, as: BufferEncoding = 'base64') => Buffer.from(text).toString(as);
const wrapped = (text: string, columns: number, join: string) =>
  (text.match(new RegExp(`[^]{1,${columns}}`, 'g')) ?? []).join(join);

const FORMS: readonly (readonly [name: string, of: (secret: string) => string])[] = [
  ['as it is', (s) => s],
  ['in JSON', (s) => json(s)],
  ['in JSON in JSON', (s) => json(json({ a: s }))],
  ['in JSON in JSON in JSON', (s) => json(json(json([s])))],
  [
    'with non-ASCII as \\u',
    (s) => json(s).replaceAll(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
  ],
  ['as Go writes JSON', (s) => json(s).replaceAll(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)],
  ['single-quoted in YAML', (s) => `'${s.replaceAll("'", "''")}'`],
  ['single-quoted for a shell', (s) => `'${s.replaceAll("'", `'\\''`)}'`],
  ['double-quoted for a shell', (s) => `"${s.replaceAll(/["\\$`]/g, '\\$&')}"`],
  ['indented over lines', (s) => wrapped(s, 7, '\n      ')],
  ['over lines with Windows ends', (s) => wrapped(s, 9, '\r\n\t')],
  ['over lines that end in a backslash', (s) => wrapped(s, 8, '\\\n    ')],
  ['in base64', (s) => base64(s)],
  ['in base64, a byte further', (s) => base64(`:${s}`)],
  ['in base64, two bytes further', (s) => base64(`a:${s}:b`)],
  ['in base64 of a larger text', (s) => base64(`user=admin\npassword=${s}\nhost=db\n`)],
  ['in base64 over lines', (s) => wrapped(base64(`some words, then ${s}, then others`), 16, '\n  ')],
  ['in base64 for URLs', (s) => base64(`x${s}`, 'base64url')],
  ['in base64 of JSON', (s) => base64(json({ auth: s }))],
  ['in base64 of base64', (s) => base64(base64(s))],
  ['URL-encoded', (s) => encodeURIComponent(s)],
  ['URL-encoded in small letters', (s) => encodeURIComponent(s).replaceAll(/%../g, (c) => c.toLowerCase())],
  ['as a whole URL', (s) => encodeURI(s)],
  ['in a form', (s) => new URLSearchParams({ password: s }).toString()],
  ['all of it in percents', (s) => [...Buffer.from(s)].map((b) => `%${b.toString(16).padStart(2, '0')}`).join('')],
  ['in base64, URL-encoded', (s) => encodeURIComponent(base64(s))],
  ['added in a diff', (s) => wrapped(s, 12, '\n+ ')],
];

/** What is left of a form must not tell four characters of the secret in a row. */
function expectNothingOf(secret: string, text: string): void {
  const tell = [secret, base64(secret), encodeURIComponent(secret)];
  for (const form of tell) expect(text).not.toContain(form);
}

describe('a secret is masked', () => {
  test.each(FORMS)('%s', (_, of) => {
    const shown = redactor([SECRET])(`before <${of(SECRET)}> after`);
    expect(shown).toContain(MASK);
    expect(shown).toMatch(/^before <.* after$/s);
    expect(shown.replaceAll(MASK, '').length).toBeLessThan(70);
    expectNothingOf(SECRET, shown);
  });

  test.each(FORMS)('of several lines, %s', (_, of) => {
    const shown = redactor([PEM])(`before <${of(PEM)}> after`);
    expect(shown).toContain(MASK);
    for (const line of PEM.split('\n').filter((each) => each.length >= 8)) expectNothingOf(line, shown);
  });

  test('line by line, where somebody shows one line of it alone', () => {
    const shown = redactor([PEM])('line 2 is MIIEvQIBADANBgkqhkiG9w0, which is wrong');
    expect(shown).toBe(`line 2 is ${MASK}, which is wrong`);
  });

  test('each time it is there, and where two of them overlap', () => {
    const redact = redactor(['first-part-of-it', 'of-it-and-more']);
    expect(redact('first-part-of-it, first-part-of-it-and-more.')).toBe(`${MASK}, ${MASK}.`);
  });

  test('the longer one as a whole, though a shorter one is its beginning', () => {
    expect(redactor(['hunter2', 'hunter2-and-a-half'])('it is hunter2-and-a-half')).toBe(`it is ${MASK}`);
  });

  test('where a text was cut in the middle of it', () => {
    expect(redactor(['correct-horse-battery'])('wrong value correct-hor…: try again')).toBe(
      `wrong value ${MASK}…: try again`,
    );
  });

  test('that is nothing but quotes and blanks', () => {
    expect(redactor([`'" " "'`])(`x='" " "'.`)).toBe(`x=${MASK}.`);
  });

  test('behind percents that are no text, which take nothing with them', () => {
    expect(redactor(['hunter2-hunter2'])('%A0hunter2%2Dhunter2 %E0%41')).toBe(`%A0${MASK} %E0%41`);
  });

  test('behind a path of Windows, whose next letter looks like a break of lines', () => {
    expect(redactor(['newton-apple'])('C:\\secrets\\newton-apple is there')).toBe(`C:\\secrets\\${MASK} is there`);
  });
});

describe('what is no secret stays', () => {
  test('everything, when there are no secrets, or none that is long enough', () => {
    const text = 'replicas 3, image web:1.4.1, "on", abc';
    expect(redactor([])(text)).toBe(text);
    expect(redactor(['abc', ' on ', '3', ''])(text)).toBe(text);
  });

  test('a short secret is not put together from words that stand apart', () => {
    expect(redactor(['1234'])('ports 12 34 and 1\n234')).toBe('ports 12 34 and 1\n234');
    expect(redactor(['1234'])('pin=1234')).toBe(`pin=${MASK}`);
  });

  test('what stands around it, its lines and all', () => {
    const redact = redactor(['hunter2-hunter2']);
    expect(redact('a: 1\nb: hunter2-hunter2\nc: 3\n')).toBe(`a: 1\nb: ${MASK}\nc: 3\n`);
  });
});

describe('whatever the secret and wherever it stands', () => {
  const secrets = fc.string({ unit: 'grapheme', minLength: 8, maxLength: 60 }).filter((text) => /\S{8}/.test(text));
  // A `%` right before an encoded text makes its first digits something else.
  const around = fc.string({ maxLength: 40 }).map((text) => text.replaceAll('%', '.'));

  test('no form of it is left', () => {
    fc.assert(
      fc.property(secrets, around, around, fc.constantFrom(...FORMS), (secret, before, after, [, of]) => {
        const core = secret.trim();
        const shown = redactor([secret])(before + of(core) + after);
        return shown.includes(MASK) && !shown.replaceAll(MASK, '').includes(of(core));
      }),
      { numRuns: 500 },
    );
  });

  test('a text that has none of it is not changed', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z]{12,30}$/), fc.stringMatching(/^[a-f0-9 :,.\n]{0,200}$/), (secret, text) => {
        return redactor([secret])(text) === text;
      }),
    );
  });

  test('masking twice is masking once', () => {
    fc.assert(
      fc.property(secrets, around, (secret, text) => {
        const redact = redactor([secret]);
        const once = redact(`${text}${secret}${text}`);
        return redact(once) === once;
      }),
    );
  });
});

test('100 KB of a log and 50 secrets take well under a second', () => {
  const secrets = Array.from({ length: 50 }, (_, i) => `canary-${i}-${'x'.repeat(i)}-${(i * 7919).toString(36)}`);
  const line = (i: number) => `{"level":"info","url":"/x?i=%20${i}","msg":"canary of \\"web\\"\\n","n":${i}}\n`;
  const text = Array.from({ length: 1500 }, (_, i) => line(i))
    .join('')
    .slice(0, 100_000);
  const redact = redactor(secrets);
  redact('once, for the machine to warm up');
  const began = performance.now();
  const shown = redact(`${text}${secrets[7]}`);
  const took = performance.now() - began;
  expect(shown).toBe(`${text}${MASK}`);
  // biome-ignore lint/suspicious/noConsole: a measurement for people to read
  console.log(`redactor: ${text.length} bytes, ${secrets.length} secrets, ${took.toFixed(0)} ms`);
  // A shared machine may be five times slower than it is meant to be: 200 ms.
  expect(took).toBeLessThan(1000);
});
