import { delimiter, dirname, join } from 'node:path';

/** The account of the local stack; MiniStack's default, and what it takes every unknown key for. */
export const LOCAL_ACCOUNT = '000000000000';
export const LOCAL_REGION = 'us-east-1';

/**
 * MiniStack's root key. It may do everything and passes with any secret (core/iam_evaluator.py `is_root_access_key`), so it
 * serves the set-up of the stack only; people and tests get sessions of the app's own roles.
 */
export const LOCAL_ROOT_CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' } as const;

export interface MiniStackEnvironmentOptions {
  readonly port: number;
  /** Everything MiniStack and its Lambdas leave on disk goes below this folder. */
  readonly folder: string;
  /** The `node` that Lambdas run with; its folder leads PATH. */
  readonly node: string;
  /** The rest of PATH, from the machine. */
  readonly path: string;
  /** Added last, wins: `SFN_WAIT_SCALE`, `HELM_PATH`, … */
  readonly extra?: Readonly<Record<string, string>>;
}

/**
 * The whole environment of the MiniStack process: made from nothing, because MiniStack hands its own environment on to every
 * Lambda it starts (core/lambda_runtime.py: `{**os.environ, **function variables}`), so whatever a developer has exported,
 * AWS_PROFILE or KUBECONFIG say, would otherwise leak into functions.
 *
 * Read in MiniStack 1.5.33's source:
 * - port by `GATEWAY_PORT`, interface by `BIND_HOST` (default: all of them); there is no flag for either
 * - `nodejs*` functions run as `node _worker.js` from PATH, one process for each call at a time, kept warm; the first of a function
 *   for ever, others until idle for `LAMBDA_WARM_TTL_SECONDS`. Calls in flight are capped by `LAMBDA_ACCOUNT_CONCURRENCY`
 *   (default: memory / 42 MiB, at least 16), above it throttled as on AWS
 * - a function gets its own variables, AWS_REGION, credentials of its role, and AWS_ENDPOINT_URL of this MiniStack unless set
 * - code is unzipped, and the pid file written, under TMPDIR; data stays in memory unless PERSIST_STATE or S3_PERSIST is set
 * - the MQTT and SFTP listeners bind fixed ports unless switched off
 */
export function miniStackEnvironment(options: MiniStackEnvironmentOptions): Record<string, string> {
  const { port, folder, node, path, extra = {} } = options;
  return {
    PATH: [dirname(node), path].join(delimiter),
    HOME: folder,
    TMPDIR: join(folder, 'tmp'),
    LANG: 'C.UTF-8',
    PYTHONUNBUFFERED: '1',
    AUTH: 'true',
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    MINISTACK_HOST: '127.0.0.1',
    MINISTACK_ACCOUNT_ID: LOCAL_ACCOUNT,
    MINISTACK_REGION: LOCAL_REGION,
    LAMBDA_EXECUTOR: 'local',
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    // Plain HTTP is what charts are pushed over here; keep Docker, if the machine has one, out of it.
    DOCKER_HOST: 'unix:///nonexistent/docker.sock',
    ...extra,
  };
}
