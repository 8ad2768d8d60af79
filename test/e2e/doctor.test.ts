/** `fairlead doctor` on a real stack: all ok; then one thing after the other is broken, and its line fails with its fix. */

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { commandLineOn } from '../../bin/command-line-on.ts';
import { asOperator, type Chosen, onStack } from '../../bin/destination.ts';
import type { Finding } from '../../domain/doctor/finding.ts';
import { localClient } from '../../local/aws/local-clients.ts';
import { mustRun } from '../../local/demo/command-line.ts';
import { askWorkflowEnv } from '../../local/github/ask-workflow-env.ts';
import { assumeSourceRole } from '../../local/github/assume-source-role.ts';
import type { WorkflowRun } from '../../local/github/workflow-run.ts';
import { newAuthority } from '../../local/tls/authority.ts';
import { aStory, type Story } from '../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';
import { withoutAwsAuth } from '../support/taken-away.ts';

const stack = inject('stack');
const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\n';
const ROLE = stack.outputs['SourceRoleArnWebui'] ?? '';

let world: E2eWorld;
let story: Story;
const servers: Server[] = [];
beforeAll(async () => {
  world = await e2eWorld(stack);
  const [cluster] = stack.clusters;
  const strangers = Buffer.from(newAuthority('strangers', new Date()).ca).toString('base64');
  story = await aStory(world, 'doctor', {
    environments: ['well', 'silent', 'stranger', 'closed'],
    clusters: {
      silent: { endpoint: 'https://127.0.0.1:1' },
      stranger: { ca: strangers },
      // Nobody grants anything in this namespace, in a cluster that is well.
      closed: { name: cluster?.name },
    },
  });
  await story.push('1.0.0', { 'config.yaml': CONFIG });
});
afterAll(async () => {
  for (const server of servers) server.close();
  await world?.stop();
});

interface Told {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** `state: says → fix` of what was found about this. */
  about(area: string, check: string, of?: string): string;
}

async function doctor(
  argv: readonly string[],
  chosen: Chosen = asOperator(stack),
  env: Record<string, string> = {},
): Promise<Told> {
  const terminal = { out() {}, err() {}, live: false, colour: false, columns: 120, draw() {}, done() {} };
  const run = commandLineOn(
    {
      terminal,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      interrupted: new AbortController().signal,
      readFile: (path) => readFile(path, 'utf8'),
      newKey: () => 'doctor-starts-nothing',
      now: () => new Date(),
    },
    stack,
    chosen,
  );
  const { code, out, err } = await run(['doctor', ...argv, '--json']);
  const { findings } = (out === '' ? { findings: [] } : JSON.parse(out)) as { findings: Finding[] };
  return {
    ...{ code, out, err },
    about: (area, check, of) =>
      findings
        .filter((one) => one.area === area && one.check === check && (of === undefined || one.of === of))
        .map(({ state, says, fix }) => `${state}: ${says}${fix === undefined ? '' : ` → ${fix}`}`)
        .join('\n'),
  };
}

const only = (short: string) => ['--package', story.name, '--environment', `${story.name}-${short}`];

async function asJob(run: WorkflowRun, roleArn = ROLE): Promise<{ chosen: Chosen; env: Record<string, string> }> {
  const env = await askWorkflowEnv(stack.github, run);
  const { endpoint, region } = stack;
  const credentials = await assumeSourceRole({ endpoint, region, roleArn, env });
  return { chosen: onStack(stack, 'as a job', async () => credentials), env };
}

test('what is well is all ok, and exit 0', async () => {
  const { code, out, err, about } = await doctor(only('well'));
  expect(code, out + err).toBe(0);
  const states = (JSON.parse(out) as { findings: Finding[] }).findings.map(
    ({ area, check, state }) => `${area} ${check} ${state}`,
  );
  expect(states.filter((one) => !one.endsWith(' ok'))).toEqual([]);
  expect(about('functions', 'health')).toMatch(/^ok: all \d+ functions are ready$/);
  expect(about('environment', 'chart')).toMatch(/^ok: .*1\.0\.0/);
});

describe('who calls, and where', () => {
  test('a wrong port', async () => {
    const { code, about } = await doctor(only('well'), { ...asOperator(stack), endpoint: 'http://127.0.0.1:1/v1' });
    expect(about('endpoint', 'network')).toMatch(
      /^fail: http:\/\/127.0.0.1:1\/v1 .*nothing answers there.* → compare host and port/,
    );
    expect(code).toBe(1);
  });

  test('a stage that is not there', async () => {
    const endpoint = stack.api.replace('/v1/', '/v2/');
    const { code, about } = await doctor(only('well'), { ...asOperator(stack), endpoint });
    expect(about('endpoint', 'api')).toMatch(
      /^fail: API Gateway knows no such stage.* → end the endpoint with its stage/,
    );
    expect(code).toBe(1);
  });

  test('something that is no Fairlead', async () => {
    const { code, about } = await doctor(only('well'), { ...asOperator(stack), endpoint: stack.github.url });
    expect(about('endpoint', 'api')).toMatch(/^fail: this is no Fairlead API: it answered \d+.* → give the endpoint/);
    expect(code).toBe(1);
  });

  test('a session of nobody', async () => {
    const credentials = async () => ({
      accessKeyId: 'ASIANOBODYATALL00000',
      secretAccessKey: 'x',
      sessionToken: 'ended',
    });
    const { code, about, out } = await doctor(only('well'), { ...asOperator(stack), credentials });
    expect(about('caller', 'identity')).toMatch(
      /^fail: .*no usable AWS credentials.* → the session has ended or is of nobody/,
    );
    expect(about('package', 'start'), out).toBe('');
    expect(code).toBe(1);
  });

  test('a clock that is ten minutes slow', async () => {
    const { code, about } = await doctor(only('well'), { ...asOperator(stack), endpoint: await laterBy(600_000) });
    expect(about('caller', 'clock')).toMatch(/^fail: this clock is (599|600|601) s behind theirs.* → .*timedatectl/);
    expect(code).toBe(1);
  });
});

/** The API behind a clock that is ahead of ours. */
async function laterBy(milliseconds: number): Promise<string> {
  const api = new URL(stack.api);
  const server = createServer((incoming, answer) => {
    const { method, url, headers } = incoming;
    const passed = forward({ host: api.hostname, port: api.port, method, path: url, headers }, (response) => {
      const date = new Date(Date.now() + milliseconds).toUTCString();
      answer.writeHead(response.statusCode ?? 502, { ...response.headers, date });
      response.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    incoming.pipe(passed);
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${api.pathname}`;
}

describe("GitHub's token and the role's trust", () => {
  test('a job of the repository is let in, and reads so in its summary', async () => {
    await mustRun(world.operator, 'package', 'put', 'webui', '-f', 'examples/packages/webui.yaml');
    const { chosen, env } = await asJob({ repository: 'acme/webui' });
    const summary = await world.file('summary.md', '');
    const { code, out, err, about } = await doctor(['--package', 'webui'], chosen, {
      ...env,
      GITHUB_STEP_SUMMARY: summary,
    });
    expect(about('trust', 'role'), out + err).toMatch(/^ok: source webui .*lets it in/);
    expect(about('package', 'start', 'webui')).toBe('ok: fairlead-source-webui may start rollouts');
    expect(code, out).toBe(0);
    const written = await readFile(summary, 'utf8');
    expect(written).toMatch(/## Fairlead doctor[\s\S]*\| package webui \| start \| ✅ ok \|/);
    // Neither the token nor what asks for it.
    expect(`${out}${err}${written}`).not.toMatch(/eyJ[\w-]+\.|[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}/);
    expect(`${out}${err}${written}`).not.toContain(env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']);
  });

  test.each<[string, WorkflowRun, RegExp]>([
    [
      'of another repository',
      { repository: 'acme/worker' },
      /of repository 'acme\/worker', and the role is for 'acme\/webui'.* → .*add a source for acme\/worker/,
    ],
    [
      'of another branch',
      { repository: 'acme/webui', ref: 'refs/heads/topic' },
      /runs as 'ref:refs\/heads\/topic'.* → .*add 'refs\/heads\/topic'/,
    ],
    [
      "with GitHub's immutable sub",
      { repository: 'acme/webui', repositoryId: '22', repositoryOwnerId: '11', immutableSubject: true },
      /immutable form of sub.* → .*ownerId: '11' and repositoryId: '22'/,
    ],
  ])('a job %s is kept out, and an operator sees why', async (_what, run, expected) => {
    const { code, about } = await doctor(
      ['--package', story.name, '--role', ROLE],
      asOperator(stack),
      await askWorkflowEnv(stack.github, run),
    );
    expect(about('trust', 'role')).toMatch(
      /^fail: arn:aws:iam::000000000000:role\/fairlead-source-webui keeps it out: /,
    );
    expect(about('trust', 'role')).toMatch(expected);
    expect(code).toBe(1);
  });

  test('a job without the permission is told what to add', async () => {
    const { chosen } = await asJob({ repository: 'acme/webui' });
    const { about } = await doctor(['--package', 'webui'], chosen, { GITHUB_ACTIONS: 'true' });
    expect(about('trust', 'token')).toMatch(/^warn: .* → .*permissions: \{ id-token: write/);
  });
});

describe('the role that all repositories share', () => {
  const SHARED = stack.outputs['WorkflowsRoleArn'] ?? '';
  const PACKAGE = 'doctor-shared';
  beforeAll(async () => {
    await mustRun(world.operator, 'package', 'put', PACKAGE, '--namespace', PACKAGE, '--repository', 'acme/shared');
  });

  test('lets a job of a listed repository in, by a token for each call', async () => {
    const { chosen, env } = await asJob({ repository: 'acme/shared' }, SHARED);
    const { code, about, out } = await doctor(['--package', PACKAGE], chosen, env);
    expect(about('trust', 'role'), out).toMatch(/^ok: fairlead-workflows .*lets it in/);
    expect(about('package', 'start')).toBe('ok: fairlead-workflows may start rollouts');
    expect(code, out).toBe(0);
  });

  test('refuses one that nobody listed, and says who can change that', async () => {
    const { chosen, env } = await asJob({ repository: 'acme/unlisted' }, SHARED);
    const { code, about } = await doctor(['--package', PACKAGE], chosen, env);
    expect(about('package', 'abort')).toMatch(
      /^fail: Fairlead refuses it: .*acme\/unlisted.* → list the repository at package doctor-shared, or claim it/,
    );
    expect(code).toBe(1);
  });
});

describe('packages', () => {
  test('of somebody else are refused by API Gateway', async () => {
    const { chosen } = await asJob({ repository: 'acme/webui' });
    const { code, about } = await doctor(['--package', story.name], chosen);
    expect(about('package', 'start')).toMatch(
      /^fail: API Gateway refuses it, before Fairlead is asked.* → add '.*' to packages of source 'webui'/,
    );
    expect(code).toBe(1);
  });

  test('that nobody registered', async () => {
    const { code, about } = await doctor(['--package', 'nobody-registered-this']);
    expect(about('package', 'registry')).toMatch(
      /^fail: package nobody-registered-this is not registered → an operator registers it/,
    );
    expect(code).toBe(1);
  });

  test('with a broken layer of values', async () => {
    const ssm = new SSMClient(localClient(stack.endpoint));
    const Name = `${story.name}-service-helm-values.environment.${story.name}-well`;
    try {
      await ssm.send(
        new PutParameterCommand({ Name, Value: 'replicas: 1\n  image: x', Type: 'String', Overwrite: true }),
      );
      const { code, about } = await doctor(only('well'));
      expect(about('package', 'values')).toMatch(
        new RegExp(
          `fail: ${Name} version \\d+ is not YAML at line \\d+, column \\d+.* → fairlead values get .* --environment ${story.name}-well`,
        ),
      );
      expect(code).toBe(1);
      await ssm.send(new PutParameterCommand({ Name, Value: 'replicas: 1', Type: 'String', Overwrite: true }));
    } finally {
      ssm.destroy();
    }
  });

  test('at a version that nobody pushed', async () => {
    const { code, about } = await doctor([...only('well'), '--version', '9.9.9']);
    expect(about('environment', 'chart')).toMatch(/^fail: .*9\.9\.9.* → /);
    expect(code).toBe(1);
  });
});

describe('clusters', () => {
  test.each<[string, string, string, RegExp]>([
    ['that do not answer', 'silent', 'network', /^fail: .*127\.0\.0\.1:1.* → /],
    ['whose certificate another authority signed', 'stranger', 'tls', /^fail: .* → /],
    ['where nobody granted the namespace', 'closed', 'rbac:ConfigMap', /^fail: .* → .*fairlead cluster/],
  ])('%s', async (_what, short, check, expected) => {
    const { code, about, out } = await doctor(only(short));
    expect(about('environment', check), out).toMatch(expected);
    expect(code).toBe(1);
  });
});

test('a cluster that no longer knows the deployer', async () => {
  await withoutAwsAuth(world)(async () => {
    const { code, about, out } = await doctor(only('well'));
    expect(about('environment', 'mapping'), out).toMatch(/^fail: .* → .*fairlead cluster connect/);
    expect(code).toBe(1);
  });
});

test('what people see fits a screen and says what to do', async () => {
  const { code, out } = await world.operator(['doctor', ...only('silent')]);
  expect(code).toBe(1);
  expect(out).toMatch(new RegExp(`\nenvironment ${story.name}-silent\n`));
  expect(out).toMatch(/\n {2}✗ fail {2}network +.*\n +→ /);
  expect(out).toMatch(/\n\d+ ok, \d+ warnings?, [1-9]\d* failed/);
  expect(out).not.toContain('undefined');
});
