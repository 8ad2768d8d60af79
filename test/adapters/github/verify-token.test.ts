import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type GithubKeysProps, githubKeys } from '../../../adapters/github/github-keys.ts';
import { verifyGithubToken } from '../../../adapters/github/verify-token.ts';

const ISSUER = 'https://token.actions.githubusercontent.com';
const URL_OF_KEYS = `${ISSUER}/.well-known/jwks`;
const NOW = Date.parse('2026-11-21T10:00:00Z');
const SECONDS = NOW / 1000;

const CLAIMS = {
  repository: 'acme/shop',
  repository_id: '34',
  repository_owner: 'acme',
  repository_owner_id: '12',
  ref: 'refs/heads/main',
  ref_protected: 'true',
  sha: 'a'.repeat(40),
  run_id: '77',
  run_attempt: '1',
  actor: 'octocat',
  event_name: 'push',
  job_workflow_ref: 'acme/shop/.github/workflows/rollout.yml@refs/heads/main',
};

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
let ours: Pair;
let theirs: Pair;
beforeAll(async () => {
  const extractable = { extractable: true };
  [ours, theirs] = await Promise.all([generateKeyPair('RS256', extractable), generateKeyPair('RS256', extractable)]);
});

const jwk = async (pair: Pair, kid: string) => ({
  ...(await exportJWK(pair.publicKey)),
  kid,
  alg: 'RS256',
  use: 'sig',
});

interface TokenOptions {
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  readonly by?: Pair;
}

/** A token as GitHub makes them, apart from what is asked for; an undefined claim is left out. */
function token({ claims = {}, header = {}, by = ours }: TokenOptions = {}): Promise<string> {
  const times = { iat: SECONDS, nbf: SECONDS - 5, exp: SECONDS + 300 };
  return new SignJWT({ iss: ISSUER, aud: 'fairlead', jti: 'token-1', ...times, ...CLAIMS, ...claims })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'one', ...header })
    .sign(by.privateKey);
}

/** A verifier whose key set is answered by `answer`, on a clock that stands still unless moved. */
function verifier(answer: () => Promise<Response> | Response, audience: string | string[] = 'fairlead') {
  const state = { time: NOW, asked: 0 };
  const now = () => new Date(state.time);
  const fetch: GithubKeysProps['fetch'] = async () => {
    state.asked += 1;
    return await answer();
  };
  const keys = githubKeys({ url: URL_OF_KEYS, now, fetch });
  return { verify: verifyGithubToken({ issuer: ISSUER, audience, keys, now }), state };
}

const withKeys = (...keys: object[]) => verifier(() => Response.json({ keys }));
const usual = async () => withKeys(await jwk(ours, 'one'));
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a token of GitHub', () => {
  it('proves what its claims say', async () => {
    const { verify } = await usual();
    expect(await verify(await token({ claims: { environment: 'prod' } }))).toEqual({
      verified: true,
      jti: 'token-1',
      expiresAt: new Date(NOW + 300_000),
      claims: {
        repository: 'acme/shop',
        repositoryId: '34',
        owner: 'acme',
        ownerId: '12',
        ref: 'refs/heads/main',
        refProtected: true,
        sha: 'a'.repeat(40),
        runId: '77',
        runAttempt: '1',
        actor: 'octocat',
        event: 'push',
        jobWorkflowRef: CLAIMS.job_workflow_ref,
        environment: 'prod',
      },
    });
  });

  it.each([
    ['that ended within the skew', { exp: SECONDS - 4 }],
    ['that begins within the skew', { nbf: SECONDS + 5 }],
    ['of a ref that nothing protects', { ref_protected: 'false' }],
  ])('%s is accepted', async (_which, claims) => {
    const { verify } = await usual();
    expect(await verify(await token({ claims }))).toMatchObject({ verified: true });
  });

  it.each([
    ['that has ended', { exp: SECONDS - 6 }, 'it ended at 2026-11-21T09:59:54.000Z: ask GitHub for a fresh one'],
    ['that is not valid yet', { nbf: SECONDS + 6 }, 'not valid before 2026-11-21T10:00:06.000Z'],
    ['of another issuer', { iss: 'https://gitlab.com' }, 'its issuer is "https://gitlab.com", not'],
    ['whose issuer only begins so', { iss: `${ISSUER}/acme` }, 'its issuer is'],
    ['without issuer', { iss: undefined }, 'iss is missing'],
    ['for another audience', { aud: 'sts.amazonaws.com' }, 'its audience is "sts.amazonaws.com": ask GitHub for one'],
    ['for an audience in another case', { aud: 'Fairlead' }, 'its audience is "Fairlead"'],
    ['for several audiences', { aud: ['sts.amazonaws.com', 'fairlead'] }, 'claims aud are missing or not as'],
    ['without audience', { aud: undefined }, 'aud is missing'],
    ['without end', { exp: undefined }, 'exp is missing'],
    ['with an end that is no time', { exp: 'soon' }, 'exp'],
    ['without id', { jti: undefined }, 'claims jti are missing'],
    ['without beginning', { nbf: undefined }, 'nbf is missing'],
    ['without repository', { repository: undefined }, 'claims repository are missing'],
    ['whose repository is a path', { repository: 'acme/shop/../other' }, 'claims repository'],
    [
      'whose numbers are names',
      { repository_id: 'shop', repository_owner_id: 12 },
      'repository_id, repository_owner_id',
    ],
    ['without word on protection', { ref_protected: undefined }, 'claims ref_protected'],
    ['that protects as a boolean', { ref_protected: true }, 'claims ref_protected'],
    ['without event', { event_name: undefined }, 'claims event_name'],
    ['without workflow', { job_workflow_ref: '' }, 'claims job_workflow_ref'],
  ])('%s is refused', async (_which, claims, because) => {
    const { verify } = await usual();
    const given = await token({ claims });
    const answer = await verify(given);
    expect(answer).toMatchObject({ verified: false, code: 'refused', because: expect.stringContaining(because) });
    expect(JSON.stringify(answer)).not.toContain(given.split('.')[2]);
  });

  it('is for any of the audiences that are configured', async () => {
    const { verify } = verifier(async () => Response.json({ keys: [await jwk(ours, 'one')] }), ['fairlead', 'fasit']);
    expect(await verify(await token({ claims: { aud: 'fasit' } }))).toMatchObject({ verified: true });
    expect(await verify(await token({ claims: { aud: 'other' } }))).toMatchObject({
      because: 'its audience is "other": ask GitHub for one for fairlead or fasit',
    });
  });
});

describe('a forged token is refused', () => {
  it('when it is not signed at all', async () => {
    const { verify } = await usual();
    const payload = (await token()).split('.')[1];
    for (const alg of ['none', 'None', undefined]) {
      const forged = `${encoded({ alg, typ: 'JWT', kid: 'one' })}.${payload}.`;
      expect(await verify(forged)).toMatchObject({ verified: false, code: 'refused' });
    }
  });

  it('when the public key served as a shared secret', async () => {
    const { verify, state } = await usual();
    const payload = (await token()).split('.')[1];
    const signed = `${encoded({ alg: 'HS256', typ: 'JWT', kid: 'one' })}.${payload}`;
    const mac = createHmac('sha256', await exportSPKI(ours.publicKey))
      .update(signed)
      .digest('base64url');
    expect(await verify(`${signed}.${mac}`)).toMatchObject({
      code: 'refused',
      because: expect.stringContaining('RS256'),
    });
    expect(state.asked).toBe(0);
  });

  it.each(['PS256', 'RS512'])('when it is signed with %s', async (alg) => {
    const { verify } = await usual();
    const pair = await generateKeyPair(alg);
    expect(await verify(await token({ by: pair, header: { alg } }))).toMatchObject({ code: 'refused' });
  });

  it('when another key signed it under the name of ours', async () => {
    const { verify } = await usual();
    expect(await verify(await token({ by: theirs }))).toMatchObject({ because: 'its signature is wrong' });
  });

  it('when it brings its own key along', async () => {
    const { verify } = await usual();
    const header = { jwk: await exportJWK(theirs.publicKey), jku: 'https://evil.example/keys' };
    expect(await verify(await token({ by: theirs, header }))).toMatchObject({ because: 'its signature is wrong' });
  });

  it('when its claims were changed after it was signed', async () => {
    const { verify } = await usual();
    const [header, payload = '', signature] = (await token()).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const forged = [header, encoded({ ...claims, repository: 'acme/other' }), signature].join('.');
    expect(await verify(forged)).toMatchObject({ because: 'its signature is wrong' });
  });

  it('when it has 20 KB, before anybody looks into it', async () => {
    const { verify, state } = await usual();
    const large = await token({ claims: { padding: 'x'.repeat(20_000) } });
    expect(await verify(large)).toMatchObject({ code: 'refused', because: expect.stringContaining('bytes') });
    expect(state.asked).toBe(0);
  });

  it.each(['', 'x', 'a.b', 'a.b.c', '..', 'Bearer x', `${'a'.repeat(100)}.b.c.d.e`])('when it is %j', async (text) => {
    const { verify, state } = await usual();
    expect(await verify(text)).toMatchObject({ verified: false, code: 'refused' });
    expect(state.asked).toBe(0);
  });
});

describe('keys', () => {
  it('are fetched once for many tokens', async () => {
    const { verify, state } = await usual();
    const given = await token();
    await Promise.all(Array.from({ length: 5 }, () => verify(given)));
    await verify(given);
    expect(state.asked).toBe(1);
  });

  it('that nobody knows are refused, and looked for once in half a minute', async () => {
    const { verify, state } = await usual();
    const unknown = await token({ header: { kid: 'other' } });
    for (let i = 0; i < 5; i++) expect(await verify(unknown)).toMatchObject({ code: 'refused' });
    expect(state.asked).toBe(1);
    state.time += 31_000;
    for (let i = 0; i < 5; i++) expect(await verify(unknown)).toMatchObject({ code: 'refused' });
    expect(state.asked).toBe(2);
  });

  it('rotate: a new one is found at its first token', async () => {
    let published = [await jwk(theirs, 'old')];
    const { verify, state } = verifier(() => Response.json({ keys: published }));
    expect(await verify(await token({ by: theirs, header: { kid: 'old' } }))).toMatchObject({ verified: true });
    published = [await jwk(ours, 'one')];
    state.time += 31_000;
    expect(await verify(await token())).toMatchObject({ verified: true });
    expect(await verify(await token({ by: theirs, header: { kid: 'old' } }))).toMatchObject({ code: 'refused' });
  });

  it('that GitHub withdrew no longer count after ten minutes', async () => {
    let published = [await jwk(ours, 'one'), await jwk(theirs, 'two')];
    const { verify, state } = verifier(() => Response.json({ keys: published }));
    expect(await verify(await token())).toMatchObject({ verified: true });
    published = [await jwk(theirs, 'two')];
    state.time += 10 * 60_000 + 1;
    const claims = { iat: state.time / 1000, nbf: state.time / 1000, exp: state.time / 1000 + 300 };
    expect(await verify(await token({ claims }))).toMatchObject({ code: 'refused' });
  });

  it.each<[string, () => Response | Promise<Response>]>([
    ['do not answer', () => Promise.reject(new TypeError('fetch failed'))],
    [
      'are too slow',
      () => Promise.reject(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
    ],
    ['answer 503', () => new Response('sorry', { status: 503 })],
    ['answer HTML', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    ['answer half a body', () => new Response('{"keys": [')],
    ['answer something else', () => Response.json({ keys: 'none' })],
    ['hold no key', () => Response.json({ keys: [] })],
    [
      'hold keys of another kind',
      () => Response.json({ keys: [{ kty: 'EC', kid: 'one', crv: 'P-256', x: 'a', y: 'b' }] }),
    ],
    ['hold a shared secret', () => Response.json({ keys: [{ kty: 'oct', kid: 'one', alg: 'RS256', k: 'c2VjcmV0' }] })],
    ['hold weak keys', () => Response.json({ keys: [{ kty: 'RSA', kid: 'one', n: 'A'.repeat(171), e: 'AQAB' }] })],
  ])('that %s make nothing acceptable', async (_which, answer) => {
    const { verify } = verifier(answer);
    expect(await verify(await token())).toMatchObject({
      verified: false,
      code: 'unreachable',
      because: expect.stringContaining('token.actions.githubusercontent.com'),
    });
  });

  it('beside ones of another kind are still found', async () => {
    const { verify } = withKeys({ kty: 'EC', kid: 'one', crv: 'P-256' }, await jwk(ours, 'one'));
    expect(await verify(await token())).toMatchObject({ verified: true });
  });

  it('serve on for a day while GitHub is away, and no longer', async () => {
    const set = { keys: [await jwk(ours, 'one')] };
    let away = false;
    const { verify, state } = verifier(() => {
      if (away) throw new TypeError('fetch failed');
      return Response.json(set);
    });
    await verify(await token());
    away = true;
    const later = (hours: number) => {
      state.time = NOW + hours * 3_600_000;
      const at = state.time / 1000;
      return token({ claims: { iat: at, nbf: at, exp: at + 300 } });
    };
    expect(await verify(await later(23.9))).toMatchObject({ verified: true });
    expect(await verify(await later(24.1))).toMatchObject({ verified: false, code: 'unreachable' });
  });

  it('that nobody knows while GitHub is away may be new: that is no refusal', async () => {
    const set = { keys: [await jwk(ours, 'one')] };
    let away = false;
    const { verify, state } = verifier(() => (away ? new Response('', { status: 500 }) : Response.json(set)));
    await verify(await token());
    away = true;
    state.time += 31_000;
    expect(await verify(await token({ header: { kid: 'other' } }))).toMatchObject({ code: 'unreachable' });
    expect(await verify(await token())).toMatchObject({ verified: true });
  });

  it('are asked for again a few seconds after a failure, and not by everybody at once', async () => {
    const set = { keys: [await jwk(ours, 'one')] };
    let away = true;
    const { verify, state } = verifier(() => (away ? new Response('', { status: 500 }) : Response.json(set)));
    const given = await token();
    await Promise.all(Array.from({ length: 10 }, () => verify(given)));
    await verify(given);
    expect(state.asked).toBe(1);
    away = false;
    state.time += 5_000;
    expect(await verify(given)).toMatchObject({ verified: true });
  });

  it.each(['http://token.actions.githubusercontent.com/keys', 'http://127.0.0.1.evil.example/keys', 'file:///keys'])(
    'are never read from %s',
    (url) => {
      expect(() => githubKeys({ url, now: () => new Date() })).toThrow('over https');
    },
  );
});

describe('keys over the wire', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  /** A server on this machine that answers `status` with `headers` and `body`. */
  async function serve(status: number, body: string, headers: Record<string, string> = {}): Promise<string> {
    const server = createServer((_, response) => response.writeHead(status, headers).end(body));
    closing.push(() => server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return `http://127.0.0.1:${address.port}/keys`;
  }

  const verifying = (url: string) => {
    const now = () => new Date(NOW);
    return verifyGithubToken({ issuer: ISSUER, audience: 'fairlead', keys: githubKeys({ url, now }), now });
  };

  it('come by http from this machine', async () => {
    const verify = verifying(await serve(200, JSON.stringify({ keys: [await jwk(ours, 'one')] })));
    expect(await verify(await token())).toMatchObject({ verified: true });
  });

  it('that are too slow to come make nothing acceptable', async () => {
    const server = createServer(() => {});
    closing.push(
      () => server.closeAllConnections(),
      () => server.close(),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const now = () => new Date(NOW);
    const keys = githubKeys({ url: `http://127.0.0.1:${address.port}/`, now, timeoutMs: 30 });
    const verify = verifyGithubToken({ issuer: ISSUER, audience: 'fairlead', keys, now });
    expect(await verify(await token())).toMatchObject({
      code: 'unreachable',
      because: expect.stringContaining('timeout'),
    });
  });

  it('are not fetched from where a redirect leads', async () => {
    const elsewhere = await serve(200, JSON.stringify({ keys: [await jwk(ours, 'one')] }));
    const verify = verifying(await serve(302, '', { location: elsewhere }));
    expect(await verify(await token())).toMatchObject({ code: 'unreachable' });
  });
});
