/** What the port `Secrets` promises, run on every store that claims to keep it. Prefix `/helm/`. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { FrozenSecret, SecretAnswer, SecretScope, Secrets } from '../../domain/values/ports.ts';

/** The store, and hands that change it as people do. */
export interface SecretsAtHand {
  of(scope: SecretScope): Secrets;
  /** Puts the next version of a SecureString; answers it as a plan freezes it. */
  seal(name: string, text: string): Promise<FrozenSecret>;
  remove(name: string): Promise<void>;
  /** Puts a secret of Secrets Manager; answers its ARN. */
  store(name: string, text: string): Promise<string>;
}

const LAYER = '/helm/web-service-helm-secrets';
const CANARY = 'canary: do-not-tell-this\n';
const web: SecretScope = { package: 'web', allowed: ['ssm:/shared/*'] };

const refusalOf = (answer: SecretAnswer) => {
  if (answer.ok) throw new Error('it was told');
  return answer;
};

export function secretsContract(name: string, make: () => Promise<SecretsAtHand>): void {
  describe(`${name} as Secrets`, () => {
    let hand: SecretsAtHand;
    beforeEach(async () => {
      hand = await make();
    });

    test('a frozen layer has the text of its own version, whatever came after', async () => {
      const first = await hand.seal(LAYER, CANARY);
      await hand.seal(LAYER, 'another: one\n');
      expect(await hand.of(web).frozen(first)).toEqual({ ok: true, text: CANARY });
    });

    test("an environment's secret is for every package", async () => {
      const secret = await hand.seal('/helm/prod-environment-secret.db.password', 'hunter2');
      expect(await hand.of(web).frozen(secret)).toEqual({ ok: true, text: 'hunter2' });
    });

    test.each([
      ['deleted', false],
      ['deleted and made anew', true],
    ])('a frozen layer that was %s is missing, by name and version', async (_, again) => {
      const planned = await hand.seal(LAYER, CANARY);
      await hand.remove(LAYER);
      if (again) await hand.seal(LAYER, CANARY.replace('this', 'that'));
      const answer = refusalOf(await hand.of(web).frozen(planned));
      expect(answer.code).toBe('values-missing');
      expect(answer.because).toContain(`parameter ${LAYER}, version 1`);
      expect(answer.because).not.toContain('do-not-tell');
    });

    test("another package's layer is refused, naming both", async () => {
      const planned = await hand.seal('/helm/api-service-helm-secrets', CANARY);
      const answer = refusalOf(await hand.of(web).frozen(planned));
      expect(answer).toMatchObject({ code: 'forbidden', because: expect.stringMatching(/package api, and web/) });
    });

    test('a reference has the latest text, or that of its version', async () => {
      await hand.seal('/shared/smtp', 'one');
      await hand.seal('/shared/smtp', 'two');
      const { referred } = hand.of(web);
      expect(await referred({ to: 'ssm', name: '/shared/smtp' })).toEqual({ ok: true, text: 'two' });
      expect(await referred({ to: 'ssm', name: '/shared/smtp', version: 1 })).toEqual({ ok: true, text: 'one' });
      expect(refusalOf(await referred({ to: 'ssm', name: '/shared/none' })).code).toBe('values-missing');
      expect(refusalOf(await referred({ to: 'ssm', name: '/shared/smtp', version: 9 })).code).toBe('values-missing');
    });

    test("a reference to what the package's entry does not name is refused", async () => {
      await hand.seal('/other/key', CANARY);
      await hand.seal('/helm/api-service-helm-secrets', CANARY);
      const { referred } = hand.of(web);
      for (const wanted of ['/other/key', '/helm/api-service-helm-secrets']) {
        const answer = refusalOf(await referred({ to: 'ssm', name: wanted }));
        expect(answer).toMatchObject({ code: 'forbidden', because: expect.stringContaining(wanted) });
      }
    });

    test('a secret of Secrets Manager is read whole, or by a key of its JSON', async () => {
      const arn = await hand.store('shared/db', JSON.stringify({ user: 'web', password: 'canary-pw', port: 5432 }));
      const { referred } = hand.of({ package: 'web', allowed: [`secretsmanager:${arn}`] });
      const key = async (wanted: string) => referred({ to: 'secretsmanager', arn, key: wanted });
      expect(await key('password')).toEqual({ ok: true, text: 'canary-pw' });
      expect(await key('port')).toEqual({ ok: true, text: '5432' });
      expect(await referred({ to: 'secretsmanager', arn })).toMatchObject({ ok: true });
      for (const wanted of ['pass', '__proto__', 'constructor']) {
        const answer = refusalOf(await key(wanted));
        expect(answer).toMatchObject({
          code: 'values-missing',
          because: expect.stringContaining(`no key '${wanted}'`),
        });
        expect(answer.because).not.toContain('canary-pw');
      }
    });

    test('a text that is no JSON map has no keys, and is not quoted', async () => {
      const arn = await hand.store('plain', 'canary, and no JSON');
      const { referred } = hand.of({ package: 'web', allowed: [`secretsmanager:${arn}`] });
      const answer = refusalOf(await referred({ to: 'secretsmanager', arn, key: 'a' }));
      expect(answer).toMatchObject({ code: 'values-missing', because: expect.stringContaining('no JSON map') });
      expect(answer.because).not.toContain('canary');
    });
  });
}
