/** The CDK app as `npx cdk` runs it: no account, no network, everything bundled. */
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'fairlead-app-'));
const out = join(folder, 'out');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `bin/app.ts` by the CDK's own protocol, with nothing in its environment that could reach an account. */
function runApp(given: Readonly<Record<string, unknown>>, outdir = out) {
  return spawnSync(process.execPath, ['bin/app.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...given }) },
  });
}

describe('the app with the example configuration', () => {
  beforeAll(() => {
    const { status, stderr } = runApp({ config: 'fairlead.example.yaml' });
    expect(status, stderr).toBe(0);
  }, 120_000);

  test('has one stack, named after the installation', () => {
    const { artifacts } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
    const stacks = Object.entries<{ type: string }>(artifacts).filter(
      ([, { type }]) => type === 'aws:cloudformation:stack',
    );
    expect(stacks.map(([name]) => name)).toEqual(['fairlead']);
  });

  test('looks nothing up', () => {
    expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')).missing).toBeUndefined();
  });

  test('bundles every function so that it starts: nothing is required that an ES module cannot require', () => {
    const bundles = globSync('asset.*/index.mjs', { cwd: out }).map((name) => join(out, name));
    // Eleven functions; those whose code is the same would share a bundle.
    expect(bundles).toHaveLength(13);
    const script = join(folder, 'start.mjs');
    writeFileSync(
      script,
      `for (const bundle of process.argv.slice(2)) {
        const { handler } = await import(bundle);
        if (typeof handler !== 'function') throw new Error(bundle + ' has no handler');
      }
      process.exit(0);`,
    );
    const started = spawnSync(process.execPath, [script, ...bundles], { encoding: 'utf8', env: everyVariable() });
    expect(started.stderr).toBe('');
    expect(started.status).toBe(0);
  }, 60_000);

  test('keeps source maps with the bundles, without the sources in them', () => {
    const maps = globSync('asset.*/index.mjs.map', { cwd: out });
    expect(maps).toHaveLength(13);
    expect(JSON.parse(readFileSync(join(out, maps[0] ?? ''), 'utf8')).sourcesContent).toBeUndefined();
  });
});

test('the app of a local stack reads its helm and its GitHub’s keys from context', () => {
  const given = { helmPath: '/tools/helm', githubKeysUrl: 'http://127.0.0.1:4567/keys', local: 'true' };
  // Nothing is bundled: only the template is looked at.
  const bare = { ...given, config: 'examples/fairlead.yaml', 'aws:cdk:bundling-stacks': [] };
  const elsewhere = join(folder, 'local');
  const { status, stderr } = runApp(bare, elsewhere);
  expect(status, stderr).toBe(0);
  const template = readFileSync(join(elsewhere, 'fairlead.template.json'), 'utf8');
  for (const value of [given.helmPath, given.githubKeysUrl]) expect(template).toContain(`"${value}"`);
}, 60_000);

test("on AWS nobody's keys but GitHub's own are believed", () => {
  const { status, stderr } = runApp({ config: 'examples/fairlead.yaml', githubKeysUrl: 'https://keys.example/jwks' });
  expect(status).toBe(1);
  expect(stderr).toBe("context githubKeysUrl is for the local stack: on AWS only GitHub's own keys are believed\n");
});

test('a wrong configuration ends the app in plain words, without a stack trace', () => {
  const config = join(folder, 'fairlead.yaml');
  writeFileSync(config, "account: '12'\nregion: eu-north-1\n");
  const { status, stderr } = runApp({ config });
  expect(status).toBe(1);
  expect(stderr).toBe(`${config} is refused:\n  account: an AWS account id has 12 digits (it is "12")\n`);
});

/** Values that every function's schema takes; nothing is called with them. */
function everyVariable(): Record<string, string> {
  const templates = JSON.parse(readFileSync(join(out, 'fairlead.template.json'), 'utf8')).Resources;
  const variables = Object.values<{ Properties?: { Environment?: { Variables: Record<string, unknown> } } }>(
    templates,
  ).flatMap(({ Properties }) => Object.entries(Properties?.Environment?.Variables ?? {}));
  const filled = variables.map(([name, value]) => [name, typeof value === 'string' ? value : unresolved(name, value)]);
  return { ...Object.fromEntries(filled), AWS_REGION: 'eu-north-1', NODE_OPTIONS: '' };
}

/** What CloudFormation would put in: a document where there are braces around it, else an ARN. */
const unresolved = (name: string, value: unknown) =>
  JSON.stringify(value).includes('["{') ? '{}' : `arn:aws:x:y:z:${name}`;
