import { readFileSync } from 'node:fs';
import { Validator } from '@cfworker/json-schema';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { featureSchema } from '../../bin/generate/feature-schema.ts';
import { readFeature } from '../../contracts/feature.ts';

const told = (text: string | Uint8Array) => {
  const read = readFeature(text);
  return read.ok ? 'fine' : read.because;
};
const values = (text: string) => told(`environmentKinds: [tenant]\nvalues:\n${text}`);

describe('a Feature.yaml is read as it is meant', () => {
  test('with everything in it', () => {
    const read = readFeature(`
environmentKinds: [tenant, management, onprem, legacy, anything-else]
dependencies: [{ allOf: [a, b] }, { anyOf: [c] }]
timeout: 1m30s
values:
  a.b\\.c/d:
    displayName: A
    description: of all
    required: true
    config: { type: int, secret: true }
    computed: { template: '{{ .Kind }}' }
    ignoreKind: [onprem]
  x: { config: { type: string_array } }
`);
    expect(read).toEqual({
      ok: true,
      lines: new Map([
        ['a.b\\.c/d', 6],
        ['x', 13],
      ]),
      feature: {
        environmentKinds: ['tenant', 'management', 'onprem', 'legacy', 'anything-else'],
        dependencies: [{ allOf: ['a', 'b'] }, { anyOf: ['c'] }],
        timeoutSeconds: 90,
        values: [
          {
            key: 'a.b\\.c/d',
            path: ['a', 'b.c/d'],
            displayName: 'A',
            description: 'of all',
            required: true,
            config: { type: 'int', secret: true },
            computed: { template: '{{ .Kind }}' },
            ignoreKind: ['onprem'],
          },
          {
            key: 'x',
            path: ['x'],
            required: false,
            config: { type: 'string_array', secret: false },
            ignoreKind: [],
          },
        ],
      },
    });
  });

  test.each([
    ['5m', 300],
    ['1h', 3600],
    ['45m10s', 2710],
    ['11s', 11],
    ['10s', undefined],
    ['0s', undefined],
    ["''", undefined],
  ])('timeout %s is %s seconds', (text, seconds) => {
    const read = readFeature(`environmentKinds: [tenant]\ntimeout: ${text}`);
    expect(read.ok && read.feature.timeoutSeconds).toBe(seconds);
  });

  test('yes is true, as Go reads it', () => {
    const read = readFeature('environmentKinds: [a]\nvalues:\n  x: { required: yes, config: { type: bool } }');
    expect(read.ok && read.feature.values[0]?.required).toBe(true);
  });

  test('an anchor may be used again', () => {
    const read = readFeature(
      'environmentKinds: &kinds [a, b]\nvalues:\n  x: { config: { type: bool }, ignoreKind: *kinds }',
    );
    expect(read.ok && read.feature.values[0]?.ignoreKind).toEqual(['a', 'b']);
  });

  test('values may be merged in', () => {
    const read = readFeature(
      'environmentKinds: [a]\nvalues:\n  <<: &some { x: { config: { type: bool } } }\n  z: { config: { type: int } }',
    );
    expect(read.ok && read.feature.values.map(({ key }) => key).sort()).toEqual(['x', 'z']);
  });

  test.each(['__proto__', 'constructor', 'toString'])('a value may be called %s', (key) => {
    const read = readFeature(`environmentKinds: [a]\nvalues:\n  ${key}: { config: { type: int } }`);
    expect(read.ok && read.feature.values).toMatchObject([{ key, path: [key], config: { type: 'int' } }]);
    expect(Object.prototype).not.toHaveProperty('config');
  });
});

describe('what is wrong is told with line, key and fix', () => {
  test.each([
    ['values: {}', 'Feature.yaml line 1: environmentKinds: missing: it is a list'],
    ['environmentKinds: []', 'line 1: environmentKinds: name at least one kind of environment'],
    ['environmentKinds: tenant', "line 1: environmentKinds: 'tenant' is text: it is a list"],
    ['environmentKinds: [Tenant]', "line 1: environmentKinds.0: 'Tenant' is not a name"],
    ['environmentKind: [a]', "line 1: environmentKind: there is no field 'environmentKind': is it environmentKinds?"],
    ['environmentKinds: [a]\nrename: []', "line 2: rename: there is no field 'rename': there are environmentKinds,"],
    ['environmentKinds: [a]\ntimeout: 300', "line 2: timeout: '300' is a number: it is text (put it in quotes)"],
    ['environmentKinds: [a]\ntimeout: 5 minutes', "line 2: timeout: '5 minutes': write it as 15m, 1h or 5m30s"],
    ['environmentKinds: [a]\ntimeout: 61m', "line 2: timeout: '61m' is too long: at most 60m"],
    ['environmentKinds: [a]\ndependencies:\n  - {}', 'line 3: dependencies.0: give allOf or anyOf, one of them'],
    [
      'environmentKinds: [a]\ndependencies:\n  - allof: [x]',
      "line 3: dependencies.0.allof: there is no field 'allof': is it allOf?",
    ],
    ['environmentKinds: [a]\nvalues: [x]', 'line 2: values: this is no map: write a line for each value'],
  ])('%j', (text, because) => {
    expect(told(text)).toContain(because);
  });

  test.each([
    ['  a: {}', 'line 3: values.a: give config, computed, or both'],
    ['  a:', 'line 3: values.a: missing: it is a map'],
    ['  a: { config: {} }', 'line 3: values.a.config.type: missing: it is one of string, int, bool, string_array'],
    ['  a: { config: { type: text } }', "values.a.config.type: 'text' is none of string, int, bool, string_array"],
    ['  a: { config: { type: int, secrets: true } }', "there is no field 'secrets': is it secret?"],
    ['  a: { config: { type: int, secret: "yes" } }', "'yes' is text: it is true or false, without quotes"],
    ['  a: { computed: { template: 5 } }', "values.a.computed.template: '5' is a number: it is text"],
    ['  a: { computed: { tmpl: x } }', "there is no field 'tmpl'"],
    ['  a:\n    config: { type: int }\n    displayname: A', 'line 5: values.a.displayname: there is no field'],
    [
      '  a: { config: { type: int } }\n  a.b: { config: { type: int } }',
      'line 3: values.a: key a is not nestable: a.b',
    ],
    ['  .a: { config: { type: int } }', 'values..a: a key begins with a dot'],
    ['  a.: { config: { type: int } }', 'values.a.: a key ends with a dot'],
    ['  a..b: { config: { type: int } }', 'two dots in a row'],
    ['  on: { config: { type: int } }', 'on is read as true: put it in quotes'],
    ['  5: { config: { type: int } }', '5 is read as 5: put it in quotes'],
  ])('%j', (text, because) => {
    expect(values(text)).toContain(because);
  });

  test('all faults are told, in the order of their lines', () => {
    const read = readFeature('environmentKinds: []\ntimeout: 2h\nvalues:\n  a: {}\n  b: { config: { type: x } }');
    expect(read.ok ? [] : read.faults.map(({ line }) => line)).toEqual([1, 2, 4, 5]);
  });

  test('of a hundred faults the first twenty are told', () => {
    const text = Array.from({ length: 100 }, (_, i) => `  v${i}: {}`).join('\n');
    expect(values(text)).toMatch(/; and 80 more$/);
  });
});

describe('what is dangerous or no YAML ends in words', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'.split('').map((k, i) => {
      const below = `*${'abcdefgh'[i]}`;
      return `${k}: &${k} [${Array.from({ length: 10 }, () => below).join(',')}]`;
    }),
  ].join('\n');

  test.each([
    ['nothing', '', 'it is no map'],
    ['a list', '- a', 'it is no map'],
    ['a tab', 'a:\n\tb: c', 'line 2: column 1 is not YAML (tab as indent)'],
    ['a duplicate key', 'timeout: 5m\ntimeout: 6m', 'line 2: column 1 is not YAML (duplicate key)'],
    ['a duplicate value', 'values:\n  a: {}\n  a: {}', 'line 3: column 3 is not YAML (duplicate key)'],
    ['a bomb', bomb, 'aliases of too much'],
    ['an alias of nothing', 'environmentKinds: *kinds', 'an alias of nothing'],
    ['two documents', 'a: 1\n---\nb: 2', 'is not YAML (multiple docs)'],
    ['a tag', 'environmentKinds: !secret [a]', 'is not YAML (tag resolve failed)'],
    ['a megabyte', `# ${'x'.repeat(1024 * 1024)}`, 'characters, more than 1048576'],
    ['another merge', '<<: 5', 'it merges something that is no map'],
  ])('%s', (_, text, because) => {
    expect(told(text)).toContain(because);
  });

  test('bytes that are no UTF-8', () => {
    expect(told(Uint8Array.from([0x61, 0xff, 0xfe]))).toContain('line 1: it is not UTF-8');
  });

  test('a hundred thousand levels', () => {
    expect(told(`environmentKinds: ${'['.repeat(100_000)}`)).toMatch(/nested too deep|is not YAML/);
  });
});

const schema = () => {
  const [generated] = featureSchema();
  return new Validator(JSON.parse(generated?.content ?? ''), '2020-12', false);
};

describe('the schema for editors', () => {
  test.each([
    ['environmentKinds: []'],
    ['values: {}'],
    ['environmentKinds: [a]\nrename: []'],
    ['environmentKinds: [a]\ntimeout: 5 minutes'],
    ['environmentKinds: [a]\ndependencies: [{ allOf: [a], anyOf: [b] }]'],
    ['environmentKinds: [a]\nvalues: { a: {} }'],
    ['environmentKinds: [a]\nvalues: { a: { config: { type: text } } }'],
    ['environmentKinds: [a]\nvalues: { a: { config: { type: int }, displayname: A } }'],
  ])('refuses %j, as reading does', (text) => {
    expect(told(text)).not.toBe('fine');
    expect(schema().validate(parse(text)).valid).toBe(false);
  });

  test('knows every field, and no other', () => {
    const [schema] = featureSchema();
    const found: unknown = JSON.parse(schema?.content ?? '');
    expect(found).toMatchObject({
      additionalProperties: false,
      required: ['environmentKinds'],
      properties: { values: { additionalProperties: { additionalProperties: false } } },
    });
  });

  test.each(['logging-agent', 'certificate-issuer', 'database-operator', 'policy-controller', 'ingress-controller'])(
    'names the schema that the example %s is written against',
    (chart) => {
      const text = readFileSync(`examples/features/${chart}/Feature.yaml`, 'utf8');
      expect(text).toContain('$schema=../../../docs/reference/feature.schema.json');
      expect(told(text)).toBe('fine');
      expect(schema().validate(parse(text)).errors).toEqual([]);
    },
  );
});
