/**
 * Stands before a cluster of the user's own that has never heard of the local AWS, and lets deployers in as EKS would: it verifies their tokens with the
 * local STS and passes their requests on as the user, impersonating whom the token proves. The cluster's RBAC decides, as on EKS.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Certificate } from '../tls/authority.ts';
import { mayDo } from './access-review.ts';
import type { Carrier } from './kubectl-carrier.ts';
import { type KubeUser, mapCaller } from './map-caller.ts';
import type { TokenCaller } from './token-caller.ts';

export interface KubeconfigFrontOptions {
  readonly certificate: Certificate;
  readonly caller: TokenCaller;
  /** ARNs of the deployers' roles: whoever else the token proves is refused. */
  readonly roleArns: readonly string[];
  readonly carrier: Pick<Carrier, 'socketPath' | 'ask'>;
  readonly now: () => Date;
}

export interface KubeconfigFront {
  /** https URL, on the loopback. */
  readonly server: string;
  close(): Promise<void>;
}

/** An API server believes its authenticator for two minutes (`--authentication-token-webhook-cache-ttl`). */
const BELIEVED_MS = 2 * 60_000;
const MOST_BELIEVED = 1000;

type Decision =
  | { readonly passes: true; readonly as: KubeUser }
  | { readonly passes: false; readonly code: 401 | 403; readonly because: string };

/** Starts it on a free port of 127.0.0.1. */
export async function startKubeconfigFront(options: KubeconfigFrontOptions): Promise<KubeconfigFront> {
  const identify = identities(options);
  const answer = async (asked: IncomingMessage, response: ServerResponse) => {
    const decision = await decide(options, identify, asked);
    if (decision.passes) forward(options.carrier.socketPath, decision.as, asked, response);
    else refuse(response, decision.code, decision.because);
  };
  const server = createServer(options.certificate, (asked, response) => {
    answer(asked, response).catch((error: unknown) =>
      refuse(
        response,
        503,
        `the front cannot say who this is: ${error instanceof Error ? error.message : String(error)}`,
      ),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the front of the cluster got no port');
  return {
    server: `https://127.0.0.1:${address.port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Whom a token proves; what is proved is believed for a while, a refusal never. */
function identities({ caller, roleArns, now }: KubeconfigFrontOptions) {
  const believed = new Map<string, { readonly as: KubeUser; readonly until: number }>();
  return async (token: string): Promise<Decision> => {
    const key = createHash('sha256').update(token).digest('base64');
    const known = believed.get(key);
    if (known !== undefined && now().getTime() < known.until) return { passes: true, as: known.as };
    believed.delete(key);
    const answer = await caller(token);
    if (!answer.known) return { passes: false, code: 401, because: answer.because };
    const as = mapCaller(answer.arn, roleArns);
    if (as === undefined) return { passes: false, code: 401, because: `${answer.arn} is not mapped: deployers only` };
    if (believed.size >= MOST_BELIEVED) believed.clear();
    believed.set(key, { as, until: now().getTime() + BELIEVED_MS });
    return { passes: true, as };
  };
}

async function decide(
  { carrier }: KubeconfigFrontOptions,
  identify: (token: string) => Promise<Decision>,
  { headers }: IncomingMessage,
): Promise<Decision> {
  const [, token] = /^Bearer (\S+)$/i.exec(headers.authorization ?? '') ?? [];
  if (token === undefined) return { passes: false, code: 401, because: 'there is no bearer token' };
  const decision = await identify(token);
  const wished = Object.entries(headers).filter(([name]) => name.startsWith('impersonate-'));
  if (!decision.passes || wished.length === 0) return decision;
  return await impersonated(carrier.ask, decision.as, wished);
}

const ACCOUNT = /^system:serviceaccount:([a-z0-9-]{1,63}):([a-z0-9.-]{1,253})$/;

/**
 * A deployer that acts as a team's service account. We impersonate already, and the cluster would only ask whether we may: so the cluster is asked first
 * whether the deployer itself may, by the same right (https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/).
 */
async function impersonated(
  ask: Carrier['ask'],
  deployer: KubeUser,
  wished: readonly (readonly [string, string | string[] | undefined])[],
): Promise<Decision> {
  const [[header, value] = ['', ''], ...others] = wished;
  const [user = '', namespace = '', name = ''] = ACCOUNT.exec(String(value)) ?? [];
  if (header !== 'impersonate-user' || others.length > 0 || name === '') {
    return {
      passes: false,
      code: 403,
      because: 'deployers act as one service account by Impersonate-User, as nothing else',
    };
  }
  const allowed = await mayDo(ask, { verb: 'impersonate', resource: 'serviceaccounts', namespace, name }, deployer);
  const because = `serviceaccounts "${name}" is forbidden: User "${deployer.user}" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "${namespace}"`;
  return allowed ? { passes: true, as: { user, groups: [] } } : { passes: false, code: 403, because };
}

const DROPPED =
  /^(host|authorization|connection|keep-alive|proxy-.*|impersonate-.*|x-remote-.*|upgrade|te|transfer-encoding)$/i;

/** Without groups the API server gives a service account its own. */
function forward(socketPath: string, as: KubeUser, asked: IncomingMessage, response: ServerResponse): void {
  const kept = Object.entries(asked.headers).filter(([name]) => !DROPPED.test(name));
  const onward = httpRequest(
    {
      socketPath,
      path: asked.url,
      method: asked.method,
      headers: {
        ...Object.fromEntries(kept),
        ...framing(asked),
        host: 'localhost',
        'impersonate-user': as.user,
        ...(as.groups.length > 0 && { 'impersonate-group': [...as.groups] }),
      },
    },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.once('error', () => response.destroy());
    },
  );
  onward.once('error', (error) => refuse(response, 502, `the cluster does not answer: ${error.message}`));
  response.once('close', () => onward.destroy());
  asked.pipe(onward);
}

/**
 * A body of no told length goes on in chunks. Without a word of that, Node writes the body of a GET or DELETE as it is behind the headers, where it is read
 * as the next request: one that nobody has looked at.
 */
function framing({ headers }: IncomingMessage): Record<string, string> {
  return headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' };
}

const REASONS = { 401: 'Unauthorized', 403: 'Forbidden', 502: 'BadGateway', 503: 'ServiceUnavailable' } as const;

/** https://kubernetes.io/docs/reference/using-api/api-concepts/ (errors are objects of kind Status) */
function refuse(response: ServerResponse, code: keyof typeof REASONS, message: string): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(code, { 'content-type': 'application/json' });
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: REASONS[code],
    code,
  };
  response.end(JSON.stringify(status));
}
