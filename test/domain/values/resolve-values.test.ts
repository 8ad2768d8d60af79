import { describe, expect, test } from 'vitest';
import { pathText, type Resolved } from '../../../domain/values/effective.ts';
import { secretFactId } from '../../../domain/values/resolve-input.ts';
import { resolveValues } from '../../../domain/values/resolve-values.ts';
import { chartWith, ENVIRONMENT, engine, fine, input, layer, noEngine, PACKAGE } from './resolving.ts';

const leaf = (resolved: Resolved, key: string) => fine(resolved).leaves.find(({ path }) => pathText(path) === key);

describe('without a Feature.yaml', () => {
  const plain = { engine: noEngine };

  test('every key counts, the last layer wins, and each value knows where it stands', async () => {
    const resolved = await resolveValues(
      input({
        ...plain,
        chart: { values: { image: { tag: '1', pull: true }, replicas: 1 } },
        layers: [layer('replicas: 2\nimage:\n  tag: "2"\n'), layer('image:\n  tag: "3"\n', ENVIRONMENT)],
        own: { replicas: 4 },
      }),
    );
    expect(fine(resolved).values).toEqual({ replicas: 4, image: { tag: '3' } });
    expect(leaf(resolved, 'image.tag')).toEqual({
      path: ['image', 'tag'],
      value: '3',
      secret: false,
      origin: {
        of: 'layer',
        layer: ENVIRONMENT,
        parameter: 'p-service-helm-values.environment.dev',
        version: 3,
        secret: false,
        at: { line: 2, column: 3 },
      },
      overrides: [
        expect.objectContaining({ value: '2', origin: expect.objectContaining({ at: { line: 3, column: 3 } }) }),
        { value: '1', origin: { of: 'chart' }, secret: false },
      ],
    });
    expect(leaf(resolved, 'replicas')).toMatchObject({ value: 4, origin: { of: 'rollout' } });
    expect(leaf(resolved, 'image.pull')).toMatchObject({ value: true, origin: { of: 'chart' }, overrides: [] });
    expect(fine(resolved).orphans).toEqual([]);
  });

  test('null takes a map of the chart away, and stays for helm', async () => {
    const resolved = await resolveValues(
      input({ ...plain, chart: { values: { limits: { cpu: 1, memory: 2 } } }, layers: [layer('limits: null')] }),
    );
    expect(fine(resolved).values).toEqual({ limits: null });
    expect(fine(resolved).leaves).toMatchObject([
      { path: ['limits'], value: null, overrides: [{ origin: { of: 'chart' }, value: { cpu: 1, memory: 2 } }] },
    ]);
  });

  test('a map over a text, and a text over a map of two layers', async () => {
    const resolved = await resolveValues(
      input({
        ...plain,
        chart: { values: { a: 'text', b: { x: 1 } } },
        layers: [layer('a: { x: 1 }\nb: { z: 2 }'), layer('b: text', ENVIRONMENT)],
      }),
    );
    expect(leaf(resolved, 'a.x')).toMatchObject({ value: 1, overrides: [{ value: 'text' }] });
    expect(leaf(resolved, 'b')?.overrides.map(({ value }) => value)).toEqual([{ z: 2 }, { x: 1 }]);
  });

  test('keys called __proto__ and constructor are keys', async () => {
    const resolved = await resolveValues(
      input({ ...plain, layers: [layer('__proto__: { polluted: 1 }\nconstructor: { x: 2 }')] }),
    );
    expect(Object.keys(fine(resolved).values)).toEqual(['__proto__', 'constructor']);
    expect(leaf(resolved, '__proto__.polluted')?.value).toBe(1);
    expect({}).not.toHaveProperty('polluted');
  });

  test('what a layer of secrets holds is secret, and what it overrides there too', async () => {
    const resolved = await resolveValues(
      input({
        ...plain,
        chart: { values: { password: 'changeme' } },
        layers: [
          layer('password: of-all\npin: 123456\nshort: 12\non: true\nlist: [one, { two: three }]', PACKAGE, true),
          layer('password: of-dev', ENVIRONMENT, true),
        ],
      }),
    );
    expect(fine(resolved).leaves.every(({ secret }) => secret)).toBe(true);
    expect([...fine(resolved).secrets].sort()).toEqual(['123456', 'of-all', 'of-dev', 'one', 'three']);
  });
});

describe('references', () => {
  test('only those that count are needed, and become secret values', async () => {
    const resolved = await resolveValues(
      input({
        engine: noEngine,
        layers: [
          layer('a: ssm:/p/old\nb: ssm:/p/b\nlist: [x, ssm:/p/c]\nc: ssm:/p/gone'),
          layer('a: ssm:/p/new', ENVIRONMENT),
        ],
        own: { c: 'mine' },
        references: new Map([
          ['ssm:/p/new', 'NEW'],
          ['ssm:/p/b', 'BBB'],
          ['ssm:/p/c', 'CCC'],
        ]),
      }),
    );
    expect(fine(resolved).values).toEqual({ a: 'NEW', b: 'BBB', list: ['x', 'CCC'], c: 'mine' });
    expect(leaf(resolved, 'a')).toMatchObject({ secret: true, value: 'NEW', overrides: [{ value: 'ssm:/p/old' }] });
    expect(leaf(resolved, 'c')).toMatchObject({ secret: false, value: 'mine' });
    expect(fine(resolved).secrets).toEqual(expect.arrayContaining(['NEW', 'BBB', 'CCC']));
  });

  test('one that was not read blocks, and names parameter, version, line and key', async () => {
    expect(await resolveValues(input({ layers: [layer('x: 1\ndb:\n  pw: ssm:/p/x')] }))).toEqual({
      ok: false,
      code: 'values-missing',
      because: 'p-service-helm-values version 3, line 3: db.pw refers to ssm:/p/x, which was not read',
    });
  });

  test('a broken one that counts blocks, and one that is overridden does not', async () => {
    const layers = [layer('pw: "ssm:not a name"')];
    expect(await resolveValues(input({ layers }))).toMatchObject({
      code: 'values-broken',
      because: expect.stringContaining('p-service-helm-values version 3, line 1: pw: a reference is'),
    });
    expect(fine(await resolveValues(input({ layers, own: { pw: 'x' } }))).values).toEqual({ pw: 'x' });
  });

  test('for a number or a bool the text is read as one', async () => {
    const chart = chartWith('  num: { config: { type: int } }\n  b: { config: { type: bool } }');
    const layers = [layer('num: ssm:/p/n\nb: ssm:/p/b')];
    const good = new Map([
      ['ssm:/p/n', '42'],
      ['ssm:/p/b', 'true'],
    ]);
    expect(fine(await resolveValues(input({ chart, layers, references: good }))).values).toMatchObject({
      num: 42,
      b: true,
    });
    const bad = new Map([
      ['ssm:/p/n', 'forty'],
      ['ssm:/p/b', 'maybe'],
    ]);
    const refused = await resolveValues(input({ chart, layers, references: bad }));
    expect(refused).toMatchObject({ code: 'values-broken' });
    expect(JSON.stringify(refused)).not.toMatch(/forty|maybe/);
  });

  test('may be left unread to look at values: then they are placeholders', async () => {
    const resolved = await resolveValues(
      input({ unread: 'placeholder', engine: noEngine, layers: [layer('pw: ssm:/p/x')] }),
    );
    expect(leaf(resolved, 'pw')).toMatchObject({ secret: true, value: 'secret (not read)' });
  });
});

describe('with a Feature.yaml', () => {
  const computed = (template: string) => `  x: { computed: { template: ${JSON.stringify(template)} } }`;
  const facts = {
    v: 1 as const,
    tenant: 'acme',
    environments: [
      {
        name: 'dev',
        kind: 'tenant',
        labels: { ring: 'a' },
        values: { host: 'h', name: 'pretend' },
        secrets: {
          pw: { parameter: 'dev-pw', version: 2, digest: 'd' },
          other: { parameter: 'o', version: 1, digest: 'e' },
        },
      },
    ],
  };
  const secretFacts = new Map([[secretFactId('dev', 'pw'), 'hunter2']]);

  test.each([
    ['{{ .Env.pw }}', true],
    ['{{ .Env.pw | b64enc }}', true],
    ['{{ .Env.pw | sha256sum }}', true],
    ['{{ .Env.pw | trunc 1 }}', true],
    ['{{ len .Env.pw }}', true],
    ['{{ if eq .Env.pw "hunter2" }}a{{ else }}b{{ end }}', true],
    ['{{ index .Envs 0 "pw" }}', true],
    ['{{ eachOf .Envs "pw" | join "-" }}', true],
    ['{{ if eq .Env.pw "hunter2" }}a{{ else }}{{ fail "no" }}{{ end }}', true],
    ['{{ .Env.host }}', false],
    ['{{ .Kind }}', false],
  ])('%s depends on the secret: %s', async (template, secret) => {
    const resolved = await resolveValues(input({ chart: chartWith(computed(template)), facts, secretFacts }));
    expect(leaf(resolved, 'x')?.secret).toBe(secret);
  });

  test('what a secret configured value computes is secret', async () => {
    const chart = chartWith(
      '  k: { config: { type: string, secret: true } }\n  x: { computed: { template: "u:{{ .Configs.k }}" } }',
    );
    const resolved = await resolveValues(input({ chart, layers: [layer('k: canary-text')] }));
    expect(leaf(resolved, 'x')).toMatchObject({ value: 'u:canary-text', secret: true });
    expect(fine(resolved).secrets).toEqual(expect.arrayContaining(['canary-text', 'u:canary-text']));
  });

  test('a secret that a template needs and nobody read blocks; one that none needs does not', async () => {
    const needs = await resolveValues(input({ chart: chartWith(computed('{{ .Env.other }}')), facts, secretFacts }));
    expect(needs).toEqual({
      ok: false,
      code: 'values-missing',
      because: 'environment value other of dev is a secret that was not read (o version 1)',
    });
    const without = await resolveValues(input({ chart: chartWith(computed('{{ .Env.host }}')), facts }));
    expect(leaf(without, 'x')?.value).toBe('h');
  });

  test('with placeholders a template that cannot take one does not fail', async () => {
    const chart = chartWith(computed('{{ (fromJSON .Env.pw).user }}'));
    const resolved = await resolveValues(input({ chart, facts, unread: 'placeholder' }));
    expect(leaf(resolved, 'x')).toMatchObject({ secret: true, value: 'secret (not read)' });
    const broken = await resolveValues(
      input({ chart: chartWith(computed('{{ .Env.host.x.y }}')), facts, unread: 'placeholder' }),
    );
    expect(broken).toMatchObject({ code: 'template-broken' });
  });

  test('what an environment is stands above a value of its that is called the same', async () => {
    const resolved = await resolveValues(input({ chart: chartWith(computed('{{ .Env.name }}')), facts }));
    expect(leaf(resolved, 'x')?.value).toBe('dev');
  });

  test('a template that is overridden does not run, be it broken', async () => {
    const chart = chartWith('  x: { config: { type: string }, computed: { template: "{{ fail `no` }}" } }');
    expect(await resolveValues(input({ chart }))).toMatchObject({ ok: false, code: 'template-broken' });
    const over = { chart, engine: noEngine, readYaml: () => ({ ok: false as const, because: 'no' }) };
    const silent = { ...engine, render: async () => [] };
    for (const given of [{ layers: [layer('x: set')] }, { own: { x: 'set' } }]) {
      const resolved = await resolveValues(input({ ...over, engine: silent, ...given }));
      expect(leaf(resolved, 'x')?.value).toBe('set');
    }
  });

  test.each([
    ['{{ .Env.nowhere.at.all }}', 'Feature.yaml: x: '],
    ['{{ nothing }}', 'Feature.yaml: x: '],
    ['a: [', 'Feature.yaml: x: its template gives no YAML: line 1'],
    ['a: 1\n\tb: 2', 'its template gives no YAML: line 2'],
  ])('template %j blocks with %j', async (template, because) => {
    const refused = await resolveValues(input({ chart: chartWith(computed(template)), facts, secretFacts }));
    expect(refused).toMatchObject({ ok: false, code: 'template-broken', because: expect.stringContaining(because) });
  });

  test.each(['', ' \n', 'null', '~', '{{ if false }}x{{ end }}'])(
    'a template that gives %j sets nothing: the default stays',
    async (template) => {
      const chart = {
        ...chartWith(`  x: { config: { type: string }, computed: { template: ${JSON.stringify(template || ' ')} } }`),
        values: { x: 'default' },
      };
      const resolved = await resolveValues(input({ chart }));
      expect(leaf(resolved, 'x')).toMatchObject({ value: 'default', origin: { of: 'chart' } });
    },
  );

  test("a rollout's map goes over a computed one", async () => {
    const chart = chartWith(computed('{ a: 1, b: 2 }'));
    const resolved = await resolveValues(input({ chart, own: { x: { b: 3, c: 4 } } }));
    expect(fine(resolved).values).toMatchObject({ x: { a: 1, b: 3, c: 4 } });
    expect(leaf(resolved, 'x.b')).toMatchObject({
      origin: { of: 'rollout' },
      overrides: [{ origin: { of: 'computed', key: 'x' } }],
    });
  });

  test('templates see what is configured, and what the rollout puts over it', async () => {
    const chart = chartWith(
      '  a.b: { config: { type: int } }\n  x: { computed: { template: "{{ index .Configs `a.b` }}" } }',
    );
    const layers = [layer('a: { b: 1 }')];
    expect(leaf(await resolveValues(input({ chart, layers })), 'x')?.value).toBe(1);
    expect(leaf(await resolveValues(input({ chart, layers, own: { a: { b: 2 } } })), 'x')?.value).toBe(2);
  });

  test("a rollout's own value has the declared type too", async () => {
    const refused = await resolveValues(
      input({ chart: chartWith('  num: { config: { type: int } }'), own: { num: 'many' } }),
    );
    expect(refused).toMatchObject({
      code: 'values-broken',
      because: "the rollout's own values: num must be a whole number, and is text: write it without quotes",
    });
  });

  test('all that is missing is told at once, with where to set it', async () => {
    const chart = chartWith(`
  a: { displayName: Alpha, required: true, config: { type: string } }
  b: { required: true, config: { type: string, secret: true } }
  c: { required: true, computed: { template: "{}" } }
  d: { required: true, config: { type: string } }
  e: { required: true, config: { type: int } }`);
    const places = [
      { name: 'p-values', layer: PACKAGE, secret: false },
      { name: 'p-secrets', layer: PACKAGE, secret: true },
      { name: 'p-values.environment.dev', layer: ENVIRONMENT, secret: false },
    ];
    const refused = await resolveValues(input({ chart, places, layers: [layer('d: ""\ne: 0')] }));
    expect(refused).toEqual({
      ok: false,
      code: 'values-missing',
      because:
        'missing required values: a (Alpha): set it in p-values or p-values.environment.dev; b: set it in p-secrets; ' +
        "c: its template comes to nothing: set what it reads in the environment's values; d: set it in p-values or p-values.environment.dev",
    });
  });

  test('what is missing goes before a template that fails for want of it', async () => {
    const chart = chartWith(
      '  k: { required: true, config: { type: string } }\n  x: { required: true, computed: { template: "{{ .Configs.k }}" } }',
    );
    const refused = await resolveValues(input({ chart }));
    expect(refused).toMatchObject({ ok: false, code: 'values-missing' });
    expect(refused.ok ? '' : refused.because).toMatch(
      /^missing required value: k: set it .*; Feature.yaml: x: line 1: /,
    );
    expect(fine(await resolveValues(input({ chart, layers: [layer('k: v')] }))).values).toMatchObject({
      k: 'v',
      x: 'v',
    });
  });

  test('of a hundred missing values all keys are told, and of a hundred wrong ones the first', async () => {
    const many = (more: string) => Array.from({ length: 100 }, (_, i) => `  v${i}: { ${more} }`).join('\n');
    const missing = await resolveValues(input({ chart: chartWith(many('required: true, config: { type: string }')) }));
    expect(missing.ok ? '' : missing.because).toMatch(/v0: set it in .*; also v20, .*, v99$/);
    const own = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`v${i}`, 1]));
    const wrong = await resolveValues(input({ chart: chartWith(many('config: { type: string }')), own }));
    expect(wrong.ok ? '' : wrong.because).toMatch(/; and 80 more$/);
  });

  test('ten thousand keys that nobody knows are orphans, soon', async () => {
    const text = Array.from({ length: 10_000 }, (_, i) => `unknown_key_number_${i}: 1`).join('\n');
    const known = Array.from({ length: 50 }, (_, i) => `  known_${i}: { config: { type: int } }`).join('\n');
    const before = performance.now();
    const resolved = await resolveValues(input({ chart: chartWith(known), layers: [layer(text)] }));
    expect(fine(resolved).orphans).toHaveLength(10_000);
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  test('what is not known is an orphan, with what was probably meant', async () => {
    const chart = chartWith(
      '  ingress.host: { config: { type: string } }\n  ingress.path: { config: { type: string } }',
    );
    const resolved = await resolveValues(input({ chart, layers: [layer('ingress:\n  hots: x\nother: {}')] }));
    expect(fine(resolved).orphans).toMatchObject([
      {
        path: ['ingress', 'hots'],
        because: "the chart's Feature.yaml does not know it: is it ingress.host?",
        origin: { at: { line: 2 } },
      },
      { path: ['other'] },
    ]);
    const above = await resolveValues(input({ chart, layers: [layer('ingress: text')] }));
    expect(fine(above).orphans).toMatchObject([
      { path: ['ingress'], because: expect.stringContaining('ingress.host') },
    ]);
    expect(fine(await resolveValues(input({ chart, layers: [layer('ingress: {}')] }))).orphans).toEqual([]);
    expect(fine(above).values).toEqual({ fasit: { tenant: { name: 'acme' }, env: { name: 'dev', kind: 'tenant' } } });
  });

  test('keys called __proto__ and constructor are keys', async () => {
    const chart = chartWith(
      '  __proto__.x: { config: { type: int } }\n  constructor: { computed: { template: "{{ .Env.name }}" } }',
    );
    const resolved = await resolveValues(input({ chart, layers: [layer('__proto__: { x: 1 }')] }));
    expect(leaf(resolved, '__proto__.x')?.value).toBe(1);
    expect(leaf(resolved, 'constructor')?.value).toBe('dev');
    expect({}).not.toHaveProperty('x');
  });
});
