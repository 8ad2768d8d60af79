/** Whatever the deployer says, it says no secret: canaries in the words of helm, of the cluster, of templates and of errors. */
import { describe, expect, test } from 'vitest';
import type { Log } from '../../../domain/ports.ts';
import type { SecretAnswer } from '../../../domain/values/ports.ts';
import type { Deps } from '../../../lambdas/deploy-release/deps.ts';
import { hushedCall, newHush } from '../../../lambdas/deploy-release/hush.ts';
import { hushedAnswer, notShown } from '../../../lambdas/deploy-release/hushed-answer.ts';
import { hushedError } from '../../../lambdas/deploy-release/hushed-error.ts';
import { hushedLog } from '../../../lambdas/deploy-release/hushed-log.ts';

const CANARY = 'canary-7f3a-of-mine';
const MASK = '[redacted]';
const redact = (text: string) => text.replaceAll(CANARY, MASK);

const frozen = { name: 'web-service-helm-secrets', version: 1, digest: 'd' };

/** Deps of a call whose secrets answer with `text`. */
function depsWith(text: string, lines: unknown[] = []): Deps {
  const log: Log = {
    info: (message, fields) => void lines.push([message, fields]),
    warn: (message, fields) => void lines.push([message, fields]),
    error: (message, fields) => void lines.push([message, fields]),
  };
  const answer = async (): Promise<SecretAnswer> => ({ ok: true, text });
  const values: Record<string, unknown> = { password: CANARY, port: 54321, list: [{ token: `${CANARY}-2` }] };
  return {
    log,
    secrets: () => ({ frozen: answer, referred: answer }),
    readLayer: (_name, _version, read) =>
      read === 'layer' ? { ok: true, values, positions: new Map() } : { ok: false, because: 'no map' },
  } as Partial<Deps> as Deps;
}

const scope = { package: 'web', allowed: [] };

describe('a call learns each secret that it reads', () => {
  test('every text and number of a layer', async () => {
    const known = await hushedCall(depsWith('layer'), async ({ secrets }, hush) => {
      await secrets(scope).frozen(frozen);
      return hush.known();
    });
    expect(known).toEqual([CANARY, '54321', `${CANARY}-2`]);
  });

  test('an environment’s secret, and a layer that is broken, as a whole', async () => {
    const known = await hushedCall(depsWith(CANARY), async ({ secrets }, hush) => {
      await secrets(scope).frozen(frozen);
      return hush.known();
    });
    expect(known).toEqual([CANARY]);
  });

  test('what a reference leads to, and what values were worked out to', async () => {
    const known = await hushedCall(depsWith('referred to'), async ({ secrets, learn }, hush) => {
      await secrets(scope).referred({ to: 'ssm', name: 'x' });
      learn?.(['computed of a secret']);
      return hush.known();
    });
    expect(known).toEqual(['referred to', 'computed of a secret']);
  });

  test('for itself alone: the next one knows nothing', () => {
    expect(newHush().redact(CANARY)).toBe(CANARY);
  });
});

describe('what is masked', () => {
  test('errors that are thrown: words, stack and causes, and they stay what they are', async () => {
    class Odd extends Error {
      override readonly name = 'Odd';
    }
    const cause = new Error(`because of ${CANARY}`);
    const thrown = await hushedCall(depsWith(CANARY), async ({ secrets }) => {
      await secrets(scope).frozen(frozen);
      throw Object.assign(new Odd(`it is ${CANARY}`, { cause }), { input: `from ${CANARY}` });
    }).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(Odd);
    const error = thrown as Odd;
    expect([error.message, error.stack, (error.cause as Error).message].join()).not.toContain(CANARY);
    expect(error).toMatchObject({ name: 'Odd', message: `it is ${MASK}`, input: `from ${MASK}` });
  });

  test('what is thrown and is no error, too', () => {
    expect(hushedError(`no error but ${CANARY}`, redact).message).toBe(`no error but ${MASK}`);
  });

  test('lines of the log: message, fields however deep, errors in them', () => {
    const lines: unknown[] = [];
    const { log } = depsWith('', lines);
    hushedLog(log, redact).warn(`about ${CANARY}`, {
      deep: [{ because: CANARY }],
      error: new Error(`with ${CANARY}`),
      at: new Date(0),
      count: 3,
    });
    const [message, fields] = lines[0] as [string, Record<string, unknown>];
    expect(message).toBe(`about ${MASK}`);
    expect(fields).toMatchObject({ deep: [{ because: MASK }], at: new Date(0), count: 3 });
    expect((fields['error'] as Error).message).toBe(`with ${MASK}`);
  });

  test('a failure: its words and those of its objects; outcome and code stay, though a secret is called so', () => {
    const hush = newHush();
    hush.learn(['failed', 'not-ready', CANARY]);
    const answer = {
      outcome: 'failed',
      failure: {
        code: 'not-ready' as const,
        because: `Pod ${CANARY} failed`,
        objects: [{ kind: 'Pod', name: `web-${CANARY}`, because: `exit of ${CANARY}` }],
      },
    };
    expect(hushedAnswer(answer, hush.redact)).toEqual({
      outcome: 'failed',
      failure: {
        code: 'not-ready',
        because: `Pod ${MASK} ${MASK}`,
        objects: [{ kind: 'Pod', name: `web-${MASK}`, because: `exit of ${MASK}` }],
      },
    });
  });

  test('never makes an answer longer than the machine takes', () => {
    const hush = newHush();
    hush.learn(['abcd']);
    const failure = { code: 'rejected' as const, because: 'abcd '.repeat(400) };
    const { because } = hushedAnswer({ outcome: 'failed', failure }, hush.redact).failure;
    expect(because.length).toBeLessThanOrEqual(2000);
    expect(because).not.toContain('abcd');
  });

  test('words that nobody can mask are not shown, and it says why', () => {
    expect(notShown('the key is gone')).toMatch(/^\(not shown, .* cannot be known: the key is gone\)$/);
  });
});
