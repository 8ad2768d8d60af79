/** Calls of the API as API Gateway hands them on, made again with the same key when nobody hears an answer. */
import { ROUTES } from '../../contracts/api/routes.ts';
import type { ApiResponse } from '../../contracts/api-request.ts';
import { CALLERS } from './installation.ts';
import type { Invoke } from './platform.ts';
import type { Story } from './story.ts';

export interface ApiDeps {
  invoke: Invoke;
  sleep(seconds: number): Promise<void>;
  readonly story: Story;
  /** Told of what people are answered. */
  onText(where: string, text: string): void;
}

export interface Asked {
  readonly body?: object;
  readonly as?: keyof typeof CALLERS;
  readonly key?: string;
}

/** Status and body; status 0 when nobody ever answered. */
export interface Answered {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export type Call = (method: string, path: string, asked?: Asked) => Promise<Answered>;

const TRIES = 6;

export function api({ invoke, sleep, story, onText }: ApiDeps): Call {
  let requests = 0;
  return async (method, path, { body, as = 'operator', key } = {}) => {
    const whole = {
      ...{ httpMethod: method, path, ...routed(method, path) },
      headers: key === undefined ? {} : { 'Idempotency-Key': key },
      body: body === undefined ? null : JSON.stringify(body),
    };
    const identity = { userArn: CALLERS[as], sourceIp: '198.51.100.7' };
    for (let tries = 1; tries <= TRIES; tries++) {
      const event = { ...whole, requestContext: { requestId: `request-${++requests}`, identity } };
      const response = await invoke('answer-request', `${method} ${path}`, event).catch(() => undefined);
      const { statusCode, body: text } = (response ?? { statusCode: 0, body: '' }) as ApiResponse;
      story.tell(`the API to ${as}`, () => `${method} ${path}: ${statusCode} ${text.slice(0, 160)}`);
      onText('an answer of the API', text);
      if (statusCode !== 0 && statusCode < 500) return { status: statusCode, body: parsed(text) };
      await sleep(tries);
    }
    return { status: 0, body: {} };
  };
}

const parsed = (text: string) => (text === '' ? {} : JSON.parse(text));

function routed(method: string, path: string) {
  const segments = path.split('/');
  const fits = (form: string) => {
    const parts = form.split('/');
    return parts.length === segments.length && parts.every((part, i) => part.startsWith('{') || part === segments[i]);
  };
  const resource = ROUTES.find((route) => route.method === method && fits(route.path))?.path;
  if (resource === undefined) throw new Error(`the API has no ${method} ${path}`);
  const named = resource
    .split('/')
    .flatMap((part, i) => (part.startsWith('{') ? [[part.slice(1, -1), segments[i]]] : []));
  return { resource, pathParameters: Object.fromEntries(named) };
}
