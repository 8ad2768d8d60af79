import { expect } from 'vitest';
import { memoryTable } from '../../../adapters/memory/memory-table.ts';
import { problemsOf } from '../../../bin/generate/openapi.ts';
import { FASIT_ROUTES } from '../../../contracts/api/fasit-routes.ts';
import { PROBLEMS, Problem } from '../../../contracts/api/problem.ts';
import { ROUTES } from '../../../contracts/api/routes.ts';
import type { SourceSettings } from '../../../domain/callers/source-rights.ts';
import type { Deps } from '../../../lambdas/answer-request/deps.ts';
import { answerRequest } from '../../../lambdas/answer-request/handler.ts';
import { CALENDAR } from '../../support/calendar.ts';

export const ACCOUNT = '123456789012';
export const OPERATOR = `arn:aws:sts::${ACCOUNT}:assumed-role/fairlead-operator/ada`;
export const READER = `arn:aws:sts::${ACCOUNT}:assumed-role/fairlead-reader/bob`;
export const SOURCE = `arn:aws:sts::${ACCOUNT}:assumed-role/fairlead-source-shop/gh-1`;

export const WORKFLOW = `arn:aws:sts::${ACCOUNT}:assumed-role/fairlead-workflows/gh-2`;

const ALL_ROUTES = [...ROUTES, ...FASIT_ROUTES];

export interface Options {
  readonly as?: string | null;
  /** What a token authorizer handed on. */
  readonly authorizer?: Readonly<Record<string, unknown>> | null;
  readonly body?: unknown;
  /** The body's text, when it is not JSON of `body`. */
  readonly text?: string;
  readonly base64?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string[]>>;
  /** The route's form when the path does not tell. */
  readonly resource?: string;
}

export interface Answered {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks wherever it wants
  readonly body: any;
  readonly headers: Readonly<Record<string, string>>;
}

/** An API on a table in memory, with a clock that stands still unless somebody pauses. */
export function testApi(overrides: Partial<Deps> = {}) {
  const table = memoryTable();
  const logged: { message: string; fields?: unknown }[] = [];
  const log = (message: string, fields?: unknown) => void logged.push({ message, fields });
  let time = Date.parse('2026-11-21T10:00:00.000Z');
  const advance = (milliseconds: number) => {
    time += milliseconds;
  };
  let ids = 0;
  let requests = 0;
  const objects = new Map<string, Uint8Array>();
  const sources: Record<string, SourceSettings> = { shop: { repository: 'acme/shop', packages: ['webui', 'worker'] } };
  const deps: Deps = {
    table,
    patience: { tries: 5, pause: async () => {} },
    now: () => new Date(time),
    calendar: CALENDAR,
    newId: () => `01JD0Z5Q6X3N8V7T2K4M9R1B${String(++ids).padStart(2, '0')}`,
    evidence: { get: async (key) => objects.get(key) },
    plans: { get: async (key) => objects.get(key) },
    sourceSettings: async (source) => sources[source],
    selfService: async () => undefined,
    verifyToken: async () => ({ verified: false, code: 'refused', because: 'nobody takes tokens here' }),
    inspect: async () => ({ answered: false, known: true, because: 'nobody inspects here' }),
    freezeView: async () => ({ outcome: 'silent', because: 'no planner here' }),
    askValues: async () => ({ outcome: 'silent', because: 'no deployer here' }),
    keepSecret: async () => ({ kept: false, because: 'nobody keeps secrets here' }),
    readRevisions: async () => ({ outcome: 'unreadable', because: 'nobody reads revisions here' }),
    pause: async (milliseconds) => advance(milliseconds),
    mostWaiting: 2,
    log: { info: log, warn: log, error: log },
    installation: {
      rolePrefix: 'fairlead-',
      account: ACCOUNT,
      region: 'eu-north-1',
      chartRegistry: 'oci://registry.example/charts',
      rolloutMachineArn: `arn:aws:states:eu-north-1:${ACCOUNT}:stateMachine:fairlead-rollout`,
      values: { prefix: '', labelOrder: ['ring'], bucket: 'values' },
      deployers: ['default', 'private'],
      clusterAccounts: ['999999999999'],
    },
    ...overrides,
  };
  const handler = answerRequest(deps);

  const call = async (method: string, path: string, options: Options = {}): Promise<Answered> => {
    const { resource, pathParameters } = routed(method, path, options.resource);
    const text = options.text ?? (options.body === undefined ? null : JSON.stringify(options.body));
    const response = await handler({
      httpMethod: method,
      resource,
      path,
      pathParameters,
      multiValueQueryStringParameters: options.query ?? null,
      headers: options.headers ?? {},
      body: text !== null && options.base64 === true ? Buffer.from(text).toString('base64') : text,
      isBase64Encoded: options.base64 ?? false,
      requestContext: {
        requestId: `request-${++requests}`,
        ...(options.authorizer !== undefined && { authorizer: options.authorizer }),
        identity: { userArn: options.as === undefined ? OPERATOR : options.as, sourceIp: '198.51.100.7' },
      },
    });
    const body = response.body === '' ? undefined : JSON.parse(response.body);
    expectAsDocumented(method, resource, response.statusCode, body);
    return { status: response.statusCode, body, headers: response.headers };
  };

  return { call, table, deps, logged, objects, sources, advance };
}
export type TestApi = ReturnType<typeof testApi>;

/** What API Gateway would find: the route with as many segments whose fixed parts agree. */
function routed(method: string, path: string, resource?: string) {
  const segments = path.split('/');
  const route = ALL_ROUTES.find((route) => {
    if (resource !== undefined) return route.path === resource;
    const parts = route.path.split('/');
    const agrees = parts.every((part, i) => part.startsWith('{') || part === segments[i]);
    return route.method === method && parts.length === segments.length && agrees;
  });
  const form = resource ?? route?.path ?? path;
  const pairs = form.split('/').map((part, i) => [part.slice(1, -1), segments[i] ?? '', part.startsWith('{')] as const);
  return { resource: form, pathParameters: Object.fromEntries(pairs.filter(([, , is]) => is)) };
}

export const CLUSTER = { name: 'main' };

/** Two packages, four environments in one cluster. */
export async function registered(overrides: Partial<Deps> = {}): Promise<TestApi> {
  const api = testApi(overrides);
  const { call } = api;
  await call('PUT', '/packages/webui', { body: { namespace: 'webui', repositories: ['acme/shop'] } });
  await call('PUT', '/packages/worker', { body: { namespace: 'worker' } });
  for (const [name, ring] of Object.entries({ dev: 'dev', staging: 'staging', 'prod-eu': 'prod', 'prod-us': 'prod' })) {
    await call('PUT', `/environments/${name}`, { body: { cluster: CLUSTER, labels: { ring }, namespaceSuffix: name } });
  }
  return api;
}

/** Every answer that any test sees is one that the documents promise. */
function expectAsDocumented(method: string, resource: string, status: number, body: unknown): void {
  const route = ALL_ROUTES.find((route) => route.method === method && route.path === resource);
  const promised = route?.answers[status];
  if (promised !== undefined) {
    // What the schema does not know it would drop: an answer has nothing beside what is documented.
    expect(promised.body?.parse(body)).toEqual(body);
    return;
  }
  const problem = Problem.parse(body);
  const type = problem.type.split('/').at(-1) as keyof typeof PROBLEMS;
  expect(PROBLEMS[type].status).toBe(status);
  if (route !== undefined && type !== 'no-such-route') expect(problemsOf(route)).toContain(type);
}
