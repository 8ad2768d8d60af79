import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as z from 'zod';
import { GITHUB_ISSUER } from '../../contracts/api/github-token.ts';
import { type OidcClaims, oidcClaims } from './oidc-claims.ts';
import { WorkflowRun } from './workflow-run.ts';

/** GitHub's own default when nobody names an audience (https://docs.github.com/en/actions/reference/security/oidc). */
const ownersPage = ({ repository_owner }: OidcClaims) => `https://github.com/${repository_owner}`;

/** What its tokens say, and how long. */
interface Job {
  readonly claims: OidcClaims;
  readonly tokenSeconds: number;
}

export interface PretendGithubOptions {
  /** @default the system clock */
  readonly now?: () => Date;
  /** What tokens name, whatever port we listen on. @default GITHUB_ISSUER, which AWS accounts trust */
  readonly issuer?: string;
  /** Tried in turn before any free one. @default none */
  readonly ports?: readonly number[];
}

export interface PretendGithub {
  /** `http://127.0.0.1:PORT`, with `/.well-known/openid-configuration` and `/.well-known/jwks` below it. */
  readonly url: string;
  /** The bearer for `POST /jobs`, by which other processes get `workflowEnv`: see `askWorkflowEnv`. */
  readonly key: string;
  /** The variables of a job with `permissions: id-token: write`, good for asking tokens until `stop`. */
  workflowEnv(run: WorkflowRun): Record<string, string>;
  stop(): Promise<void>;
}

/**
 * GitHub's OIDC issuer on a free loopback port: real RS256 signatures under a key of its own, GitHub's claims, and the request protocol of a job
 * (`ACTIONS_ID_TOKEN_REQUEST_URL` with `&audience=`, bearer `ACTIONS_ID_TOKEN_REQUEST_TOKEN`).
 * MiniStack evaluates `aud` and `sub` of such tokens but not their signature; verifiers that do can be pointed at `url`.
 */
export async function startPretendGithub(options: PretendGithubOptions = {}): Promise<PretendGithub> {
  const { now = () => new Date(), issuer = GITHUB_ISSUER, ports = [] } = options;
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const key = { ...(await exportJWK(publicKey)), kid: randomUUID(), alg: 'RS256', use: 'sig' };
  const requestKey = randomUUID();
  /** By their bearer tokens. */
  const jobs = new Map<string, Job>();

  const tokenFor = ({ claims, tokenSeconds }: Job, audience: string): Promise<string> => {
    const at = Math.floor(now().getTime() / 1000);
    return new SignJWT({ ...claims, jti: randomUUID() })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(at)
      .setNotBefore(at - 5)
      .setExpirationTime(at + tokenSeconds)
      .sign(privateKey);
  };

  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, body }) => send(response, status, body),
      () => send(response, 500, { message: 'the pretend GitHub could not sign' }),
    );
  });
  const url = await listenOnFirst(server, [...ports, 0]);

  async function answer(request: IncomingMessage): Promise<{ status: number; body: object }> {
    const { pathname, searchParams } = new URL(request.url ?? '/', url);
    if (request.method === 'POST' && pathname === '/jobs') return await newJob(request);
    if (request.method !== 'GET') return { status: 405, body: { message: `${request.method} is not offered here` } };
    if (pathname === '/.well-known/openid-configuration') return { status: 200, body: discovery(issuer, url) };
    if (pathname === '/.well-known/jwks') return { status: 200, body: { keys: [key] } };
    if (pathname !== '/token') return { status: 404, body: { message: `nothing at ${pathname}` } };
    const job = jobs.get(bearerOf(request));
    if (job === undefined) return { status: 401, body: { message: 'no job has this ACTIONS_ID_TOKEN_REQUEST_TOKEN' } };
    const audience = searchParams.get('audience') ?? ownersPage(job.claims);
    return { status: 200, body: { value: await tokenFor(job, audience) } };
  }

  async function newJob(request: IncomingMessage): Promise<{ status: number; body: object }> {
    if (bearerOf(request) !== requestKey)
      return { status: 401, body: { message: 'this is not the key of this pretend GitHub' } };
    const run = WorkflowRun.safeParse(await json(request).catch(() => undefined));
    return run.success
      ? { status: 201, body: workflowEnv(run.data) }
      : { status: 422, body: { message: z.prettifyError(run.error) } };
  }

  function workflowEnv(run: WorkflowRun): Record<string, string> {
    const claims = oidcClaims(run);
    const bearer = randomUUID();
    jobs.set(bearer, { claims, tokenSeconds: WorkflowRun.parse(run).tokenSeconds });
    return environmentOf(claims, `${url}/token?api-version=2.0`, bearer);
  }

  return { url, key: requestKey, workflowEnv, stop: () => close(server) };
}

function bearerOf(request: IncomingMessage): string {
  return (request.headers.authorization ?? '').replace(/^bearer /i, '');
}

function discovery(issuer: string, url: string): object {
  return {
    issuer,
    jwks_uri: `${url}/.well-known/jwks`,
    subject_types_supported: ['public', 'pairwise'],
    response_types_supported: ['id_token'],
    claims_supported: [
      'sub',
      'aud',
      'exp',
      'iat',
      'iss',
      'jti',
      'nbf',
      'ref',
      'repository',
      'repository_id',
      'job_workflow_ref',
    ],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid'],
  };
}

function environmentOf(claims: OidcClaims, requestUrl: string, bearer: string): Record<string, string> {
  const env: Record<string, string> = {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer,
  };
  for (const name of [
    'repository',
    'repository_id',
    'repository_owner',
    'ref',
    'sha',
    'run_id',
    'run_attempt',
    'actor',
    'workflow',
    'event_name',
  ]) {
    const value = claims[name];
    if (value !== undefined) env[`GITHUB_${name.toUpperCase()}`] = value;
  }
  return env;
}

function send(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}

/** Somebody else's port is passed over. */
async function listenOnFirst(server: Server, [port = 0, ...others]: readonly number[]): Promise<string> {
  try {
    return await listen(server, port);
  } catch (error: unknown) {
    const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (!inUse || others.length === 0) throw error;
    return await listenOnFirst(server, others);
  }
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('the pretend GitHub got no port'));
      else resolve(`http://127.0.0.1:${address.port}`);
    });
  });
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
