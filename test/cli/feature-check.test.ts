import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { testCli } from './support.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-feature-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function checked(files: Readonly<Record<string, string>>, ...flags: string[]) {
  const all = { 'Chart.yaml': 'apiVersion: v2\nname: agent\nversion: 1.0.0\n', 'values.yaml': '', ...files };
  for (const [name, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const cli = await testCli();
  const { code, out, err } = await cli.run(['feature', 'check', folder, ...flags]);
  return { code, err, out: out.replaceAll(folder, 'DIR') };
}

const feature = (values: string) => `environmentKinds: [tenant]\nvalues:\n${values}`;

describe('fairlead feature check', () => {
  test.each(['logging-agent', 'certificate-issuer', 'database-operator', 'policy-controller', 'ingress-controller'])(
    'finds nothing wrong with the example %s',
    async (chart) => {
      const cli = await testCli();
      const { code, out } = await cli.run(`feature check examples/features/${chart}`);
      expect({ code, errors: out.includes('error') }).toEqual({ code: 0, errors: false });
    },
  );

  test('tells every fault of the form with file and line', async () => {
    const { code, out } = await checked({ 'Feature.yaml': 'environmentKinds: []\nvalues:\n  a: { confg: {} }\n' });
    expect(code).toBe(8);
    expect(out).toContain('DIR/Feature.yaml:1: environmentKinds: name at least one kind of environment');
    expect(out).toContain("DIR/Feature.yaml:3: values.a.confg: there is no field 'confg': is it config?");
    expect(out).toContain('3 errors');
  });

  test.each([
    ['{{ .Env.a', 'Feature.yaml:3: x: '],
    ['{{ uuidv4 }}', 'uuidv4'],
    ['{{ nowhere }}', 'nowhere'],
    ['{{ .Values.a }}', 'it reads .Values: there are .Kind, .Tenant'],
    ['{{ .Configs.y }}', 'it reads y of .Configs, which is no value that is configured here'],
  ])('tells that template %s cannot work', async (template, because) => {
    const { code, out } = await checked({
      'Feature.yaml': feature(`  x: { computed: { template: '${template}' } }\n`),
      'values.yaml': 'x: 1',
    });
    expect({ code, out }).toEqual({ code: 8, out: expect.stringContaining(because) });
  });

  test('warns of what may be meant', async () => {
    const { code, out } = await checked({
      'Feature.yaml': feature(
        '  a: { config: { type: int }, ignoreKind: [onprem] }\n  b.c: { config: { type: int } }\n  d.e: { config: { type: int } }\n',
      ),
      'values.yaml': '# defaults\na: "5"\nb: {}\nd: { f: 1 }\n',
    });
    expect(code).toBe(0);
    expect(out).toContain('warning: DIR/values.yaml:2: a: the default must be a whole number, and is text');
    expect(out).toContain('warning: DIR/Feature.yaml:3: a: ignoreKind onprem: the chart does not run');
    expect(out).toContain('warning: DIR/Feature.yaml:5: d.e: values.yaml does not have this key');
    expect(out).not.toContain('b.c');
    expect(out).toContain('DIR is fine: 3 values');
  });

  test("checks the defaults against the chart's schema: what somebody else sets is a warning", async () => {
    const schema = { type: 'object', properties: { a: { type: 'integer' }, z: { type: 'integer' } } };
    const { code, out } = await checked({
      'Feature.yaml': feature('  a: { config: { type: int } }\n'),
      'values.yaml': 'a: ""\nz: "no"\n',
      'values.schema.json': JSON.stringify(schema),
    });
    expect(code).toBe(8);
    expect(out).toMatch(/^DIR\/values.yaml:2: z: values.schema.json: /m);
    expect(out).toMatch(/^warning: DIR\/values.yaml:1: a: values.schema.json: /m);
  });

  test('a broken schema and broken values are told with their file', async () => {
    const good = feature('  a: { config: { type: int } }\n');
    const schema = await checked({ 'Feature.yaml': good, 'values.schema.json': '{' });
    expect({ ...schema }).toMatchObject({ code: 8, out: expect.stringContaining('values.schema.json') });
    const values = await checked({ 'Feature.yaml': good, 'values.schema.json': '{}', 'values.yaml': 'a: [' });
    expect({ ...values }).toMatchObject({ code: 8, out: expect.stringContaining('values.yaml') });
  });

  test('does not let a file write on the terminal', async () => {
    const { out } = await checked({ 'Feature.yaml': feature('  "a\\e[2J\\nb": {}\n') });
    expect(out).toContain('values.a b: give config, computed, or both');
  });

  test('answers JSON', async () => {
    const { code, out } = await checked({ 'Feature.yaml': feature('  a: {}\n') }, '--json');
    expect(code).toBe(8);
    expect(JSON.parse(out)).toEqual({
      ok: false,
      errors: [{ file: 'Feature.yaml', line: 3, key: 'values.a', because: 'give config, computed, or both' }],
      warnings: [],
    });
  });

  test('says that there is no Feature.yaml, no chart, no folder', async () => {
    expect(await checked({})).toMatchObject({
      code: 8,
      out: expect.stringContaining('DIR/Feature.yaml: there is none'),
    });
    const cli = await testCli();
    expect(await cli.run('feature check examples')).toMatchObject({
      code: 2,
      err: expect.stringContaining('has no Chart.yaml'),
    });
    expect(await cli.run('feature check nowhere')).toMatchObject({
      code: 2,
      err: expect.stringContaining('cannot be read'),
    });
  });
});
