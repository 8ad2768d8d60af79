/** Secrets of every form, rolled out well and badly: the cluster has them whole, and nothing else has any of them. */
import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { stringify } from 'yaml';
import { commandLineOn } from '../../bin/command-line-on.ts';
import { asOperator } from '../../bin/destination.ts';
import type { RolloutView } from '../../contracts/api/rollout.ts';
import { localClient } from '../../local/aws/local-clients.ts';
import { mustRun } from '../../local/demo/command-line.ts';
import type { Canary } from '../support/canary-forms.ts';
import { everythingKept, findCanaries, type Place } from '../support/canary-search.ts';
import { aStory, type Story } from '../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';

const stack = inject('stack');
const ssm = new SSMClient(localClient(stack.endpoint));
let world: E2eWorld;
let story: Story;
const terminal: Place[] = [];

const some = () =>
  randomInt(36 ** 6)
    .toString(36)
    .padStart(6, '0');
const [a, b, c, d, e, f, g] = Array.from({ length: 7 }, () => `canary${some()}`);
const CANARIES: readonly Canary[] = [
  { name: 'password', text: `${a}"q" 'x' / ü+%41 ${b}`, pieces: [`${a}`, `${b}`] },
  { name: 'tag', text: `tag-${c}`, pieces: [`${c}`] },
  {
    name: 'pem',
    text: `-----BEGIN KEY-----\n${d}MIIEvQIBADANBgkqhki\n${e}BAQEFAASCBKcwggSj\n-----END KEY-----\n`,
    pieces: [`${d}MIIEvQ`, `${e}BAQEFA`],
  },
  { name: 'environment', text: `env ${f} & more`, pieces: [`${f}`] },
  { name: 'reference', text: `ref/${g}=`, pieces: [`${g}`] },
];
const textOf = (name: string) => CANARIES.find((canary) => canary.name === name)?.text ?? '';
/** Stands in a plain layer as well, so that it is not looked for: it shows that what is applied is never masked. */
const TWIN = `twin-${some()}-of-a-secret`;

beforeAll(async () => {
  world = await e2eWorld(stack);
  story = await aStory(world, 'canary', {
    environments: ['one'],
    entry: { timeoutMinutes: 0.5 },
    more: { one: { kind: 'tenant', tenant: `t-${some()}` } },
  });
  const { name } = story;
  const [environment = ''] = story.environments;
  await Promise.all([
    put(
      `${name}-service-helm-secrets`,
      stringify({ password: textOf('password'), tag: textOf('tag'), pem: textOf('pem'), twin: TWIN }),
    ),
    put(`${name}-service-helm-secrets.label.shared.smtp`, textOf('reference')),
    put(
      `${name}-service-helm-values`,
      stringify({ also: TWIN, smtp: `ssm:${name}-service-helm-secrets.label.shared.smtp` }),
      'String',
    ),
  ]);
  await secretOf(environment, 'api_key', textOf('environment'));
});
afterAll(async () => {
  ssm.destroy();
  await world?.stop();
});

async function put(Name: string, Value: string, Type: 'String' | 'SecureString' = 'SecureString'): Promise<void> {
  await ssm.send(new PutParameterCommand({ Name, Value, Type, Overwrite: true }));
}

/** As a person gives it: typed, or by a pipe. */
async function secretOf(environment: string, key: string, text: string): Promise<void> {
  const quiet = { out: () => {}, err: () => {}, live: false, colour: false, columns: 120, draw() {}, done() {} };
  const cli = commandLineOn(
    {
      terminal: quiet,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
      interrupted: new AbortController().signal,
      readFile: (path: string) => readFile(path, 'utf8'),
      newKey: some,
      now: () => new Date(),
      readSecret: async () => text,
    },
    stack,
    asOperator(stack),
  );
  terminal.push({
    where: 'environment values set',
    text: await mustRun(cli, 'environment', 'values', 'set', environment, key, '--secret'),
  });
}

/** A command, whose words are kept for the search. */
async function run(...argv: readonly string[]) {
  const { code, out, err } = await world.operator(argv);
  terminal.push({ where: `fairlead ${argv.join(' ')}`, text: `${out}\n${err}` });
  return { code, out, err };
}

async function roll(version: string) {
  const { out } = await run('rollout', story.name, '--version', version, '--json');
  const ended: RolloutView = JSON.parse(out);
  return { ended, deployment: ended.deployments[0] };
}

const FEATURE = {
  environmentKinds: ['tenant'],
  values: {
    password: { config: { type: 'string', secret: true } },
    tag: { config: { type: 'string', secret: true } },
    pem: { config: { type: 'string', secret: true } },
    twin: { config: { type: 'string', secret: true } },
    smtp: { config: { type: 'string', secret: true } },
    also: { config: { type: 'string' } },
    derived: { computed: { template: '{{ printf "https://%s@host" .Env.api_key | quote }}' } },
  },
};
const SECRET = `
apiVersion: v1
kind: Secret
metadata: { name: "{{ .Release.Name }}" }
stringData: { password: {{ .Values.password | quote }}, pem: {{ .Values.pem | quote }}, derived: {{ .Values.derived | quote }}, smtp: {{ .Values.smtp | quote }} }
`;
const CONFIG = `
apiVersion: v1
kind: ConfigMap
metadata: { name: "{{ .Release.Name }}" }
data: { also: {{ .Values.also | quote }} }
`;
const FAILS = `{{ fail (printf "wrong password %s, in base64 %s, for %s" .Values.password (b64enc .Values.password) (urlquery .Values.derived)) }}`;
/** The API server quotes what it does not know. */
const REJECTED = `
apiVersion: v1
kind: Service
metadata: { name: "{{ .Release.Name }}" }
spec: { ports: [{ port: 80, protocol: {{ .Values.tag | quote }} }], type: {{ .Values.smtp | quote }} }
`;
/** The pretend kubelet logs the image of what crashes. */
const CRASHES = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: "{{ .Release.Name }}" }
spec:
  selector: { matchLabels: { app: x } }
  template:
    metadata: { labels: { app: x }, annotations: { fairlead.dev/pretend: crash-loop-back-off } }
    spec: { containers: [{ name: web, image: "web:{{ .Values.tag }}" }] }
`;

async function push(
  version: string,
  templates: Readonly<Record<string, string>>,
  files: Readonly<Record<string, unknown>> = {},
) {
  await story.push(version, templates, {}, { 'Feature.yaml': FEATURE, ...files });
}

const inCluster = async (kind: string, path: string) => {
  const namespace = story.namespace(story.environments[0] ?? '');
  return JSON.parse(await world.kubectl('get', kind, story.name, '-n', namespace, '-o', `jsonpath={${path}}`));
};

/** One after the other: the last one looks for what all others have left. */
describe('secrets', { shuffle: false }, () => {
  test('what is applied is whole, also where plain values are like a secret', async () => {
    await push('1.0.0', { 's.yaml': SECRET, 'c.yaml': CONFIG });
    const { ended } = await roll('1.0.0');
    expect(ended).toMatchObject({ state: 'succeeded' });
    const data: Record<string, string> = await inCluster('secret', '.data');
    const clear = Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
    );
    expect(clear).toEqual({
      password: textOf('password'),
      pem: textOf('pem'),
      smtp: textOf('reference'),
      derived: `https://${textOf('environment')}@host`,
    });
    expect(await inCluster('configmap', '.data')).toEqual({ also: TWIN });

    await run('values', 'show', story.name, story.environments[0] ?? '');
    await run('values', 'show', story.name, story.environments[0] ?? '', '--json');
    await run('values', 'list', story.name);
    await run('values', 'history', story.name, '--secret');
    await run('values', 'compare', story.name, 'password');
    await run('environment', 'values', story.environments[0] ?? '');
  }, 240_000);

  test('a template that fails with secrets in its words', async () => {
    await push('2.0.0', { 's.yaml': SECRET, 'c.yaml': CONFIG, 'f.yaml': FAILS });
    const { deployment } = await roll('2.0.0');
    expect(deployment).toMatchObject({ state: 'blocked', outcome: { code: 'template-broken' } });
    expect(deployment?.outcome?.because).toMatch(/wrong password \[redacted\], in base64 \[redacted\]/);
  }, 240_000);

  test('a cluster that quotes what it rejects', async () => {
    await push('3.0.0', { 's.yaml': SECRET, 'c.yaml': CONFIG, 'r.yaml': REJECTED });
    await run('plan', story.name, '3.0.0');
    await run('plan', story.name, '3.0.0', '--format', 'markdown');
    const { deployment } = await roll('3.0.0');
    expect(deployment).toMatchObject({ state: 'rolled-back', outcome: { code: 'rejected' } });
    expect(deployment?.outcome?.because).toContain('[redacted]');
  }, 240_000);

  test('a crashing pod that logs a secret', async () => {
    await push('4.0.0', { 's.yaml': SECRET, 'c.yaml': CONFIG, 'd.yaml': CRASHES });
    const { ended, deployment } = await roll('4.0.0');
    expect(deployment?.state).toBe('rolled-back');
    const evidence = await run('evidence', story.name, ended.id, story.environments[0] ?? '', '--json');
    expect(evidence.out).toContain('starting web from web:[redacted]');
  }, 240_000);

  test('a template of Feature.yaml that fails with a secret in its words', async () => {
    const values = { ...FEATURE.values, broken: { computed: { template: '{{ fail .Env.api_key }}' } } };
    await push('5.0.0', { 's.yaml': SECRET, 'c.yaml': CONFIG }, { 'Feature.yaml': { ...FEATURE, values } });
    const { deployment } = await roll('5.0.0');
    expect(deployment).toMatchObject({ state: 'blocked', outcome: { code: 'template-broken' } });
  }, 240_000);

  test('a schema that does not allow a secret', async () => {
    const schema = {
      type: 'object',
      properties: { password: { type: 'string', enum: ['one', 'two'] }, tag: { pattern: '^v' } },
    };
    await push('6.0.0', { 's.yaml': SECRET, 'c.yaml': CONFIG }, { 'values.schema.json': JSON.stringify(schema) });
    const { deployment } = await roll('6.0.0');
    expect(deployment).toMatchObject({ state: 'blocked', outcome: { code: 'values-broken' } });
  }, 240_000);

  test('a layer of secrets that is no YAML', async () => {
    await put(`${story.name}-service-helm-secrets`, `password: "${textOf('tag')}\n\t- ${textOf('tag')}: [`);
    const { deployment } = await roll('1.0.0');
    expect(deployment).toMatchObject({ state: 'blocked', outcome: { code: 'values-broken' } });
  }, 240_000);

  test('none of them is anywhere else', async () => {
    const places = [...(await everythingKept(stack)), ...terminal];
    const bytes = places.reduce((sum, { text }) => sum + text.length, 0);
    const hits = findCanaries(places, CANARIES);
    // biome-ignore lint/suspicious/noConsole: for people to read
    console.log(`canary search: ${places.length} texts, ${bytes} bytes, ${hits.length} hits`);
    expect(hits).toEqual([]);
    const kinds = new Set(places.map(({ where }) => where.split(' ')[0]));
    expect([...kinds]).toEqual(expect.arrayContaining(['table', 's3', 'execution', 'logs', 'file', 'fairlead']));
    // What stands in a plain layer is found: the search has eyes.
    expect(findCanaries(places, [{ name: 'twin', text: TWIN, pieces: [] }]).map(({ where }) => where)).toContainEqual(
      expect.stringMatching(/^s3 .*layers/),
    );
    expect(places.filter(({ text }) => text.includes('[redacted]')).length).toBeGreaterThan(20);
  }, 240_000);
});
