import { describe, expect, it } from 'vitest';
import { AuthorizerContext } from '../../../contracts/authorizer-context.ts';
import type { TokenAnswer } from '../../../domain/ports.ts';
import { authorizeGithub } from '../../../lambdas/authorize-github/handler.ts';
import { claimsOf } from '../../support/claims.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
const METHOD = 'arn:aws:execute-api:eu-north-1:123456789012:api/v1/POST/github/assignment';
const settings = { owners: [{ name: 'acme', id: '12' }], repositories: ['acme/web*'] };
const seconds = NOW.getTime() / 1000;

const tokenThatEnds = (exp: number) =>
  ['{"alg":"RS256"}', JSON.stringify({ sub: 'repo:acme/webui', exp }), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
const TOKEN = tokenThatEnds(seconds + 300);

const verified = (claims = claimsOf()): TokenAnswer => ({ verified: true, claims, jti: 'one', expiresAt: NOW });
const refused = (because: string): TokenAnswer => ({ verified: false, code: 'refused', because });

function authorizer(answer: TokenAnswer) {
  const asked: string[] = [];
  const logged: unknown[] = [];
  const log = (...line: unknown[]) => void logged.push(line);
  const authorize = authorizeGithub({
    verifyToken: async (token) => {
      asked.push(token);
      return answer;
    },
    settings,
    now: () => NOW,
    log: { info: log, error: log },
  });
  const ask = (token = TOKEN) => authorize({ type: 'TOKEN', authorizationToken: `Bearer ${token}`, methodArn: METHOD });
  return { ask, asked, logged };
}
const policy = (Effect: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect, Action: 'execute-api:Invoke', Resource: METHOD }],
});

describe('a token that is verified', () => {
  it.each([{}, { environment: 'production', refProtected: false }])(
    'allows the one call, and hands its claims on as texts: %o',
    async (more) => {
      const claims = claimsOf(more);
      const { ask, asked } = authorizer(verified(claims));
      const answer = await ask();
      expect(answer).toMatchObject({ principalId: 'octocat@acme/webui/77', policyDocument: policy('Allow') });
      expect(Object.values(answer.context).every((value) => typeof value === 'string')).toBe(true);
      // API Gateway adds to it.
      expect(AuthorizerContext.parse({ ...answer.context, principalId: 'x', integrationLatency: 3 })).toEqual(claims);
      expect(asked).toEqual([TOKEN]);
    },
  );

  it.each([
    ['of another owner', { ownerId: '99' }, 'invalid repository owner'],
    ['of a repository that is not named', { repository: 'acme/api' }, 'acme/api is not among'],
  ])('%s is denied, and no claim goes on', async (_which, claims, because) => {
    const { principalId, policyDocument, context } = await authorizer(verified(claimsOf(claims))).ask();
    expect([principalId, policyDocument]).toEqual(['nobody', policy('Deny')]);
    expect(context).toEqual({ because: expect.stringContaining(because) });
  });
});

describe('a token that is refused', () => {
  it('is denied with the reason, for a new one would be no better', async () => {
    const { policyDocument, context } = await authorizer(refused('its signature is wrong')).ask();
    expect([policyDocument, context]).toEqual([policy('Deny'), { because: 'its signature is wrong' }]);
  });

  it('since it has ended is told apart, so that a new one is fetched', async () => {
    const { ask } = authorizer(refused('it ended'));
    await expect(ask(tokenThatEnds(seconds - 6))).rejects.toThrow(/^Unauthorized$/);
  });

  it.each([['a wrong audience'], ['a bad signature']])(
    'for %s and has ended is refused all the same',
    async (because) => {
      await expect(authorizer(refused(because)).ask(tokenThatEnds(0))).rejects.toThrow('Unauthorized');
    },
  );

  it.each(['no token', 'a.b', `${'x'.repeat(20_000)}.y.z`])('and cannot be read is denied: %.20s', async (token) => {
    expect(await authorizer(refused('it is not a signed token (JWT)')).ask(token)).toMatchObject({
      policyDocument: policy('Deny'),
    });
  });

  it('has a reason that cannot end the quotes it is put between', async () => {
    const { context } = await authorizer(refused('its issuer is "x\\", "type": "y",\n\u2028 not ours')).ask();
    const body = `{"because":"${context['because']}"}`;
    expect(Object.keys(JSON.parse(body))).toEqual(['because']);
    expect(context['because']).not.toMatch(/["\\\n\u2028]/);
  });

  it('has a reason of bounded length', async () => {
    const { context } = await authorizer(refused('x'.repeat(5_000))).ask();
    expect(context['because']).toHaveLength(500);
  });
});

describe('when the keys cannot be had', () => {
  const unreachable: TokenAnswer = { verified: false, code: 'unreachable', because: 'the keys cannot be read' };

  it('nobody is let in, and API Gateway hears of a failure, not of a refusal', async () => {
    await expect(authorizer(unreachable).ask()).rejects.toThrow('cannot be checked');
  });

  it('that holds for tokens that have ended, too', async () => {
    await expect(authorizer(unreachable).ask(tokenThatEnds(0))).rejects.not.toThrow(/^Unauthorized$/);
  });
});

describe('whatever comes', () => {
  it.each([{}, { authorizationToken: 'Bearer x' }, { authorizationToken: 7, methodArn: METHOD }, null])(
    'that is no question of API Gateway lets nobody in: %o',
    async (event) => {
      const authorize = authorizeGithub({
        verifyToken: async () => verified(),
        settings,
        now: () => NOW,
        log: { info() {}, error() {} },
      });
      await expect(authorize(event)).rejects.toThrow();
    },
  );

  it.each([verified(), verified(claimsOf({ ownerId: '9' })), refused('no')])(
    'no log line has the token',
    async (answer) => {
      const { ask, logged } = authorizer(answer);
      await ask();
      expect(logged).toHaveLength(1);
      expect(JSON.stringify(logged)).not.toContain(TOKEN);
    },
  );
});
