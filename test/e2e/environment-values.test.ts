/** Values of environments on the running stack: kept by operators, computed with, asked for; with charts of a helm repository of the test's own. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { readChart } from '../../adapters/helm/read-chart.ts';
import { releaseSize } from '../../adapters/helm/release-size.ts';
import { commandLineOn } from '../../bin/command-line-on.ts';
import { asOperator, asRole } from '../../bin/destination.ts';
import { readFeature } from '../../contracts/feature.ts';
import { EXIT } from '../../contracts/outcome-table.ts';
import { keys, ranges } from '../../domain/keys.ts';
import { mustRun } from '../../local/demo/command-line.ts';
import { chartArchive } from '../support/chart-archive.ts';
import { aStory, type Story } from '../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';

const CANARY = `canary-${randomBytes(12).toString('hex')}`;
const FEATURE = `
environmentKinds: [tenant]
values:
  zone: { computed: { template: '{{ .Env.zone }}' }, required: true }
  token: { computed: { template: '{{ .Env.token | quote }}' } }
`;
const TEMPLATE = `
apiVersion: v1
kind: ConfigMap
metadata: { name: "{{ .Release.Name }}" }
data: { zone: "{{ .Values.zone }}", hasToken: "{{ eq .Values.token "${CANARY}" }}", version: "{{ .Chart.Version }}" }
`;
const chart = (version: string) =>
  chartArchive({
    'Chart.yaml': `apiVersion: v2\nname: web\nversion: ${version}\n`,
    'values.yaml': 'zone: none\ntoken: none\n',
    'values.schema.json': '{ "properties": { "zone": { "enum": ["north", "south"] } } }',
    'Feature.yaml': FEATURE,
    'templates/config.yaml': TEMPLATE,
    // So that the record is of a size that can be compared.
    'files/noise.txt': randomBytes(60_000).toString('base64'),
  });

let world: E2eWorld;
let server: Server;
let place = '';
const archives = new Map<string, Uint8Array>();

beforeAll(async () => {
  world = await e2eWorld(inject('stack'));
  server = createServer(({ url }, response) => {
    const index = ['1.0.0', '1.1.0'].map((version) => `  - version: ${version}\n    urls: [web-${version}.tgz]\n`);
    const found =
      url === '/charts/index.yaml' ? `apiVersion: v1\nentries:\n  web:\n${index.join('')}` : archives.get(url ?? '');
    response.writeHead(found === undefined ? 404 : 200).end(found);
  });
  await new Promise<void>((listens) => server.listen(0, '127.0.0.1', listens));
  const address = server.address();
  place = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/charts/web`;
  for (const version of ['1.0.0', '1.1.0']) archives.set(`/charts/web-${version}.tgz`, chart(version));
});
afterAll(async () => {
  server?.close();
  await world?.stop();
});

const fairlead = (...argv: readonly string[]) => mustRun(world.operator, ...argv);
const worldOfCli = {
  env: {},
  interrupted: new AbortController().signal,
  readFile: async () => '',
  newKey: () => '',
  now: () => new Date(),
};
const nobody = {
  out: () => {},
  err: () => {},
  live: false,
  colour: false,
  columns: 120,
  draw: () => {},
  done: () => {},
};

/** `fairlead` of an operator who types the secret. */
const typing = (secret: string) =>
  commandLineOn(
    { ...worldOfCli, terminal: nobody, readSecret: async () => secret },
    world.stack,
    asOperator(world.stack),
  );

const told = (story: Story, environment: string) =>
  world
    .kubectl('get', 'configmap', story.name, '-n', story.namespace(environment), '-o', 'jsonpath={.data}')
    .then(JSON.parse);

test('what operators keep with an environment is what its templates see, and a secret of it is seen nowhere else', async () => {
  const story = await aStory(world, 'kept', {
    environments: ['one'],
    entry: { chart: place },
    more: { one: { kind: 'tenant' } },
  });
  const [one = ''] = story.environments;
  await fairlead('environment', 'values', 'set', one, 'zone=north', 'unused:={"a":1}');
  const set = await mustRun(typing(CANARY), 'environment', 'values', 'set', one, 'token', '--secret');
  const { code, ended } = await story.roll('1.0.0');
  expect([code, ended.deployments]).toMatchObject([EXIT.success, [{ state: 'succeeded' }]]);
  expect(await told(story, one)).toEqual({ zone: 'north', hasToken: 'true', version: '1.0.0' });

  const listed = await fairlead('environment', 'values', one);
  expect(listed).toMatch(/token +secret \(\S*-environment-secret\.token version 1\)/);
  expect(await fairlead('environment', 'values', 'uses', one, 'zone')).toMatch(
    new RegExp(`${story.name} +1\\.0\\.0 +zone +${one}`),
  );
  expect(await fairlead('environment', 'values', 'uses', one, 'unused')).toContain(
    'nothing that is deployed reads unused',
  );
  const items = [
    await world.table.query(ranges.environmentValues(one)),
    await world.table.get(keys.release(one, story.name)),
  ];
  const audit = await fairlead('audit', '--since', '10m', '--json');
  expect(audit).toContain('"key": "token"');
  expect(JSON.stringify([set, listed, items, audit, ended])).not.toContain(CANARY);

  // helm's own record holds the values, and is as large as we say.
  const [stored, manifest, given] = await Promise.all([
    world.kubectl(
      'get',
      'secret',
      `sh.helm.release.v1.${story.name}.v1`,
      '-n',
      story.namespace(one),
      '-o',
      'jsonpath={.data.release}',
    ),
    world.helm('get', 'manifest', story.name, '-n', story.namespace(one)),
    world.helm('get', 'values', story.name, '-n', story.namespace(one), '-o', 'json'),
  ]);
  const archive = archives.get('/charts/web-1.0.0.tgz') ?? new Uint8Array();
  const read = readChart({ readFeature })(archive);
  if (!read.ok) throw new Error(read.because);
  const { bytes } = releaseSize({ archive, chart: read.chart, values: JSON.parse(given), manifest });
  expect(bytes / Buffer.from(stored, 'base64').length).toBeCloseTo(1, 1);
  expect(Math.abs(bytes / Buffer.from(stored, 'base64').length - 1)).toBeLessThan(0.05);
});

test('a value that the schema of the chart does not allow blocks, before helm is asked, naming where it comes from', async () => {
  const story = await aStory(world, 'schema', {
    environments: ['one'],
    entry: { chart: place },
    more: { one: { kind: 'tenant' } },
  });
  const [one = ''] = story.environments;
  await fairlead('environment', 'values', 'set', one, 'zone=west', `token=${CANARY}`);
  const { code, ended } = await story.roll('1.0.0');
  expect(code).not.toBe(EXIT.success);
  expect(ended.deployments[0]).toMatchObject({ state: 'blocked' });
  expect(JSON.stringify(ended.deployments[0])).toContain('zone must be one of');
  expect(await story.history(one)).toEqual([]);
});

test('a rollback takes the copy of what was planned, when the repository is gone', async () => {
  const story = await aStory(world, 'copied', {
    environments: ['one'],
    entry: { chart: place },
    more: { one: { kind: 'tenant' } },
  });
  const [one = ''] = story.environments;
  await fairlead('environment', 'values', 'set', one, 'zone=south', `token=${CANARY}`);
  expect((await story.roll('1.0.0')).code).toBe(EXIT.success);
  expect((await story.roll('1.1.0')).code).toBe(EXIT.success);
  const missing = await story.roll('1.2.0');
  expect(missing.code).not.toBe(EXIT.success);
  expect(JSON.stringify(missing.ended)).toContain('has no version 1.2.0 of web');

  const kept = new Map(archives);
  archives.clear();
  try {
    await fairlead('rollback', story.name, '--last-good', '--target', `story=${story.name}`, '--reason', 'as it was');
    expect(await told(story, one)).toMatchObject({ zone: 'south', version: '1.0.0' });
  } finally {
    for (const [path, archive] of kept) archives.set(path, archive);
  }
});

test('readers see values and set none', async () => {
  const story = await aStory(world, 'read', { environments: ['one'] });
  const [one = ''] = story.environments;
  await fairlead('environment', 'values', 'set', one, 'zone=north');
  const reader = commandLineOn({ ...worldOfCli, terminal: nobody }, world.stack, asRole(world.stack, 'reader'));
  expect(await mustRun(reader, 'environment', 'values', one)).toContain('north');
  expect((await reader(['environment', 'values', 'set', one, 'zone=south'])).code).not.toBe(EXIT.success);
  expect(await fairlead('environment', 'values', one)).toContain('north');
});
