/** A job that runs the Action in this process: the pretend GitHub, and STS and an API that are told what to answer. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Ports } from '../../action/ports.ts';
import { run } from '../../action/run.ts';
import { type PretendGithub, startPretendGithub } from '../../local/github/pretend-github.ts';

export const ROLLOUT = '01JD0Z5Q6X3N8V7T2K4M9R1B0C';
export const SECRET_KEY = 'secretAccessKeyThatNobodyMaySee';
export const SESSION_TOKEN = 'sessionTokenThatNobodyMaySee';
const AT = '2026-11-21T10:00:00.000Z';

export type Trouble =
  | 'cut'
  | 'half'
  | 'slow'
  | number
  | { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> };

export interface Got {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export interface JobOptions {
  /** Inputs beside endpoint, role, package and version; undefined takes one away. */
  readonly with?: Readonly<Record<string, string | undefined>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly files?: Readonly<Record<string, string>>;
  /** What the next calls of the API meet instead of an answer, by the beginning of `METHOD path`. */
  readonly api?: Readonly<Record<string, readonly Trouble[]>>;
  /** The same for STS. */
  readonly sts?: readonly (Trouble | 'denied' | 'throttled')[];
  /** The same for GitHub's token endpoint; none of the permission. */
  readonly github?: readonly Trouble[] | 'no permission';
  /** What the rollout is when it is asked for. */
  readonly rollout?: object;
  readonly evidence?: readonly string[];
  /** Pages of events, one a call; after the last one the rollout is over. @default one page, over */
  readonly events?: readonly { readonly events: readonly object[]; readonly state: string }[];
  /** Answers the calls of the API in the place of the usual answers. */
  readonly answering?: (github: PretendGithub) => (got: Got) => Promise<{ status: number; body: unknown }>;
  /** Called before each call of the API is answered. */
  readonly onCall?: (job: Job, got: Got) => void;
}

export interface Job {
  readonly got: Got[];
  /** How often STS was asked. */
  sts: number;
  /** Everything the runner was told, in its order; `mask` lines hold the secrets themselves. */
  readonly said: string[];
  readonly outputs: Record<string, string>;
  summary: string;
  clock: number;
  readonly cancel: AbortController;
  code: number;
}

export const anEvent = (number: number, more: object = {}) => ({
  number,
  at: AT,
  kind: 'stage-started',
  text: `event ${number}`,
  by: 'fairlead',
  ...more,
});

export const aRollout = (more: object = {}) => ({
  id: ROLLOUT,
  package: 'webui',
  version: '1.4.2',
  sequence: 1,
  state: 'succeeded',
  outcome: { code: 'succeeded', because: 'all stages are done' },
  startedBy: { role: 'fairlead-source-webui', session: 'github-1-1', account: '000000000000' },
  claimed: {},
  createdAt: AT,
  console: 'https://console.aws.amazon.com/states/home#/executions/details/x',
  stages: [],
  deployments: [aDeployment()],
  ...more,
});

export const aDeployment = (more: object = {}) => ({
  environment: 'dev',
  stage: 'first',
  state: 'succeeded',
  attempt: 1,
  cluster: 'c',
  namespace: 'web',
  release: 'webui',
  evidence: false,
  outcome: { code: 'ready', because: 'all objects are ready' },
  ...more,
});

/** Runs the step to its end, and answers all that was seen of it. */
export async function runJob(options: JobOptions = {}): Promise<Job> {
  const job: Job = {
    got: [],
    sts: 0,
    said: [],
    outputs: {},
    summary: '',
    clock: Date.parse(AT),
    cancel: new AbortController(),
    code: -1,
  };
  const github = await startPretendGithub({ now: () => new Date(job.clock) });
  const answers = options.answering?.(github) ?? (async (got) => usualAnswer(job, options, got));
  const servers = await Promise.all([
    serve((request, response) => answerApi(job, options, answers, request, response)),
    serve((request, response) => answerSts(job, options, request, response)),
    serve((request, response) => relayGithub(options, github, request, response)),
  ]);
  const [api, sts, tokens] = servers;
  try {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url = '', ...jobEnv } = github.workflowEnv({ repository: 'acme/webui' });
    const asked = {
      ACTIONS_ID_TOKEN_REQUEST_URL: url.replace(github.url, tokens.url),
      AWS_ENDPOINT_URL: sts.url,
      ...jobEnv,
      GITHUB_JOB: 'roll',
      GITHUB_ACTION: 'step1',
      ...inputs({
        endpoint: `${api.url}/v1`,
        region: 'eu-north-1',
        'role-to-assume': 'arn:aws:iam::000000000000:role/fairlead-source-webui',
        package: 'webui',
        version: '1.4.2',
        ...options.with,
      }),
      ...options.env,
    };
    const without = options.github === 'no permission' ? /^ACTIONS_ID_TOKEN/ : /^$/;
    const env = Object.fromEntries(Object.entries(asked).filter(([name]) => !without.test(name)));
    job.code = await run(portsOf(job, env, options.files ?? {}));
    return job;
  } finally {
    await Promise.all([github.stop(), ...servers.map(({ stop }) => stop())]);
  }
}

const inputs = (given: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));

function portsOf(job: Job, env: Ports['env'], files: Readonly<Record<string, string>>): Ports {
  const say = (line: string) => void job.said.push(line);
  return {
    env,
    runner: {
      info: say,
      startGroup: (name) => say(`group ${name}`),
      endGroup: () => say('endgroup'),
      error: (text, title) => say(`error ${title}: ${text}`),
      warning: (text, title) => say(`warning ${title}: ${text}`),
      setSecret: (secret) => say(`mask ${secret}`),
      setOutput: (name, value) => {
        job.outputs[name] = value;
      },
      summary: async (markdown) => {
        job.summary += markdown;
      },
    },
    timing: {
      now: () => job.clock,
      pause: async (milliseconds) => {
        job.clock += milliseconds;
      },
      timeout: () => AbortSignal.timeout(100),
      random: () => 0.5,
    },
    readFile: async (path) => {
      const found = files[path];
      if (found === undefined) throw Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' });
      return found;
    },
    cancelled: job.cancel.signal,
  };
}

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>) {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { url, stop };
}

/** True when the trouble has answered. */
function make(
  trouble: Trouble | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  whole: string,
): boolean {
  if (trouble === undefined) return false;
  if (trouble === 'cut') request.socket.destroy();
  else if (trouble === 'half') response.writeHead(200).end(whole.slice(0, whole.length / 2));
  else if (trouble !== 'slow') {
    const { status, body = '', headers = {} } = typeof trouble === 'number' ? { status: trouble } : trouble;
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  }
  return true;
}

async function answerApi(
  job: Job,
  options: JobOptions,
  answers: (got: Got) => Promise<{ status: number; body: unknown }>,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const { method = '', url = '', headers } = request;
  const sent = await text(request);
  const path = url.replace('/v1', '');
  const got = { method, path, headers, body: sent === '' ? undefined : JSON.parse(sent) };
  job.got.push(got);
  options.onCall?.(job, got);
  const name = Object.keys(options.api ?? {}).find((begin) => `${method} ${path}`.startsWith(begin)) ?? '';
  const before = job.got.filter((one) => name !== '' && `${one.method} ${one.path}`.startsWith(name)).length - 1;
  const { status, body } = await answers(got);
  const whole = JSON.stringify(body);
  if (make(options.api?.[name]?.[before], request, response, whole)) return;
  response.writeHead(status, { 'content-type': 'application/json' }).end(whole);
}

function usualAnswer(job: Job, options: JobOptions, { method, path }: Got): { status: number; body: unknown } {
  if (method === 'PUT') return { status: 200, body: {} };
  if (path.endsWith('/abort')) return { status: 202, body: { id: ROLLOUT, state: 'running' } };
  if (method === 'POST') {
    return { status: 202, body: { id: ROLLOUT, package: 'webui', state: 'accepted', matched: ['dev'] } };
  }
  if (path.includes('/evidence')) return { status: 200, body: { summary: options.evidence ?? [] } };
  if (!path.includes('/events')) return { status: 200, body: aRollout(options.rollout) };
  const pages = options.events ?? [{ events: [anEvent(1)], state: 'succeeded' }];
  const asked = job.got.filter((one) => one.path.includes('/events')).length;
  const page = pages[Math.min(asked, pages.length) - 1];
  return { status: 200, body: { last: asked, more: false, ...page } };
}

const CREDENTIALS = (job: Job) => `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIA${job.sts}</AccessKeyId>
<SecretAccessKey>${SECRET_KEY}</SecretAccessKey><SessionToken>${SESSION_TOKEN}</SessionToken>
<Expiration>${new Date(job.clock + 900_000).toISOString()}</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;
const refusal = (code: string, message: string) =>
  `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;

async function answerSts(job: Job, { sts = [] }: JobOptions, request: IncomingMessage, response: ServerResponse) {
  await text(request);
  const trouble = sts[job.sts];
  job.sts += 1;
  if (trouble === 'denied') {
    response.writeHead(403).end(refusal('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity'));
  } else if (trouble === 'throttled') response.writeHead(400).end(refusal('Throttling', 'Rate exceeded'));
  else if (!make(trouble, request, response, CREDENTIALS(job))) {
    response.writeHead(200, { 'content-type': 'text/xml' }).end(CREDENTIALS(job));
  }
}

const asked = new WeakMap<JobOptions, number>();

async function relayGithub(
  options: JobOptions,
  github: PretendGithub,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const before = asked.get(options) ?? 0;
  asked.set(options, before + 1);
  const answer = await fetch(`${github.url}${request.url}`, {
    headers: { authorization: request.headers.authorization ?? '' },
  });
  const whole = await answer.text();
  const troubles = options.github === 'no permission' ? [] : options.github;
  if (make(troubles?.[before], request, response, whole)) return;
  response.writeHead(answer.status).end(whole);
}
