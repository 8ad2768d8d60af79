import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GITHUB_ISSUER } from '../../../contracts/api/github-token.ts';
import { askWorkflowEnv } from '../../../local/github/ask-workflow-env.ts';
import { type PretendGithub, startPretendGithub } from '../../../local/github/pretend-github.ts';

const NOW = new Date('2026-11-21T10:00:00Z');

let github: PretendGithub;
beforeEach(async () => {
  github = await startPretendGithub({ now: () => NOW });
});
afterEach(() => github.stop());

/** What the toolkit's `core.getIDToken(audience)` does. */
async function askToken(env: Record<string, string>, audience?: string): Promise<{ status: number; value: string }> {
  const url = `${env.ACTIONS_ID_TOKEN_REQUEST_URL}${audience === undefined ? '' : `&audience=${encodeURIComponent(audience)}`}`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` } });
  return { status: answer.status, value: ((await answer.json()) as { value: string }).value };
}

test('the pretend GitHub takes a port that it had before, and another one when that is taken', async () => {
  const port = Number(new URL(github.url).port);
  const second = await startPretendGithub({ ports: [port] });
  expect(new URL(second.url).port).not.toBe(String(port));
  await github.stop();
  const third = await startPretendGithub({ ports: [port] });
  expect(third.url).toBe(`http://127.0.0.1:${port}`);
  await Promise.all([second.stop(), third.stop()]);
});

describe('the pretend GitHub', () => {
  const verify = async (token: string, now = NOW) => {
    const discovery = await fetch(`${github.url}/.well-known/openid-configuration`);
    const { issuer, jwks_uri } = (await discovery.json()) as { issuer: string; jwks_uri: string };
    return jwtVerify(token, createRemoteJWKSet(new URL(jwks_uri)), {
      issuer,
      audience: 'sts.amazonaws.com',
      currentDate: now,
    });
  };

  test('signs tokens that verify against its own keys, in the name of GitHub', async () => {
    const { value } = await askToken(github.workflowEnv({ repository: 'acme/webui' }), 'sts.amazonaws.com');
    const { payload, protectedHeader } = await verify(value);
    expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'JWT' });
    expect(payload).toMatchObject({
      iss: GITHUB_ISSUER,
      aud: 'sts.amazonaws.com',
      sub: 'repo:acme/webui:ref:refs/heads/main',
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
  });

  test('tokens are for the owner’s page when nobody names an audience, and may have ended', async () => {
    const { value } = await askToken(github.workflowEnv({ repository: 'acme/webui', tokenSeconds: -60 }));
    const { aud, iat = 0, exp = 0 } = decodeJwt(value);
    expect([aud, exp - iat]).toEqual(['https://github.com/acme', -60]);
  });

  test('a token with a changed claim does not verify', async () => {
    const { value } = await askToken(github.workflowEnv({ repository: 'acme/webui' }), 'sts.amazonaws.com');
    const [head = '', body = '', signature = ''] = value.split('.');
    const forged = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
    const changed = Buffer.from(JSON.stringify({ ...forged, sub: 'repo:evil/webui:ref:refs/heads/main' })).toString(
      'base64url',
    );
    await expect(verify([head, changed, signature].join('.'))).rejects.toThrow('signature verification failed');
  });

  test('tokens end after five minutes', async () => {
    const { value } = await askToken(github.workflowEnv({ repository: 'acme/webui' }), 'sts.amazonaws.com');
    await expect(verify(value, new Date(NOW.getTime() + 301_000))).rejects.toThrow(
      '"exp" claim timestamp check failed',
    );
  });

  test('every token has an id of its own', async () => {
    const env = github.workflowEnv({ repository: 'acme/webui' });
    const ids = await Promise.all(
      [1, 2].map(async () => (await verify((await askToken(env, 'sts.amazonaws.com')).value)).payload.jti),
    );
    expect(new Set(ids).size).toBe(2);
  });

  test('each job asks with a bearer of its own and gets its own claims', async () => {
    const jobs = [{ repository: 'acme/webui' }, { repository: 'acme/worker' }].map((run) => github.workflowEnv(run));
    const subjects = await Promise.all(
      jobs.map(async (env) => (await verify((await askToken(env, 'sts.amazonaws.com')).value)).payload.sub),
    );
    expect(subjects).toEqual(['repo:acme/webui:ref:refs/heads/main', 'repo:acme/worker:ref:refs/heads/main']);
  });

  test.each([
    ['no bearer', {}],
    ['a made-up bearer', { authorization: 'Bearer 00000000-0000-0000-0000-000000000000' }],
  ])('%s gets no token', async (_, headers) => {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url = '' } = github.workflowEnv({ repository: 'acme/webui' });
    const answer = await fetch(`${url}&audience=sts.amazonaws.com`, { headers });
    expect(answer.status).toBe(401);
    expect(await answer.json()).not.toHaveProperty('value');
  });

  test('another process gets a job of its own, with the key', async () => {
    const env = await askWorkflowEnv(github, { repository: 'acme/worker' });
    const { value } = await askToken(env, 'sts.amazonaws.com');
    expect((await verify(value)).payload.sub).toBe('repo:acme/worker:ref:refs/heads/main');
    await expect(askWorkflowEnv({ ...github, key: 'guess' }, { repository: 'acme/worker' })).rejects.toThrow(
      '401: this is not the key',
    );
    await expect(askWorkflowEnv(github, { repository: 'worker' })).rejects.toThrow('422');
  });

  test('tells a job what GitHub tells it', () => {
    expect(
      github.workflowEnv({ repository: 'acme/webui', ref: 'refs/heads/next', runId: '9', actor: 'ada' }),
    ).toMatchObject({
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_REPOSITORY: 'acme/webui',
      GITHUB_REF: 'refs/heads/next',
      GITHUB_RUN_ID: '9',
      GITHUB_ACTOR: 'ada',
    });
  });
});
