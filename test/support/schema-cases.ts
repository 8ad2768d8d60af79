/** Values and schemas, and what comes of them: for our own check, and for helm itself, which must be of the same opinion. */
export interface SchemaCase {
  readonly says: string;
  /** Files of a chart `web` beside its Chart.yaml. */
  readonly files: Readonly<Record<string, string>>;
  readonly given: Readonly<Record<string, unknown>>;
  /** `key: words` of each fault; none when the values fit. */
  readonly faults: readonly string[];
}

const DRAFT = {
  four: 'http://json-schema.org/draft-04/schema#',
  six: 'http://json-schema.org/draft-06/schema#',
  seven: 'http://json-schema.org/draft-07/schema#',
  2019: 'https://json-schema.org/draft/2019-09/schema',
  2020: 'https://json-schema.org/draft/2020-12/schema',
} as const;

const one = (
  says: string,
  schema: unknown,
  given: Readonly<Record<string, unknown>>,
  faults: readonly string[],
  values = '{}',
): SchemaCase => ({
  says,
  files: { 'values.schema.json': JSON.stringify(schema), 'values.yaml': values },
  given,
  faults,
});

const TYPED = {
  type: 'object',
  properties: {
    replicas: { type: 'integer', minimum: 1 },
    image: { type: 'string' },
    day: { type: 'string', format: 'date' },
  },
};

const packed = (
  says: string,
  { values = '{}', own = '{}', schema = {}, dependency = '{ name: db, version: 1.0.0 }' as string },
  given: Readonly<Record<string, unknown>>,
  faults: readonly string[],
): SchemaCase => ({
  says,
  files: {
    'Chart.yaml': `apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n- ${dependency}\n`,
    'values.yaml': values,
    'charts/db/Chart.yaml': 'apiVersion: v2\nname: db\nversion: 1.0.0\n',
    'charts/db/values.yaml': own,
    'charts/db/values.schema.json': JSON.stringify(schema),
  },
  given,
  faults,
});

const SIZED = { type: 'object', properties: { size: { type: 'integer' } }, required: ['size'] };

export const SCHEMA_CASES: readonly SchemaCase[] = [
  one('what fits', TYPED, { replicas: 2, image: 'a', more: true }, []),
  one('a text for a number', TYPED, { replicas: 'two' }, ['replicas: must be integer']),
  one('a whole number written as 2.0', TYPED, { replicas: 2.0 }, []),
  one('too few', TYPED, { replicas: 0 }, ['replicas: must be greater: the limit is 1']),
  one('several at once', TYPED, { replicas: 0.5, image: 1 }, [
    'image: must be string',
    'replicas: must be greater: the limit is 1',
    'replicas: must be integer',
  ]),
  one('what the chart itself sets', TYPED, {}, ['image: must be string'], 'image: 5'),
  one('what the chart sets and the values replace', TYPED, { image: 'a' }, [], 'image: 5'),
  one(
    'a null that takes a default away',
    { required: ['image'] },
    { image: null },
    [': lacks the key image'],
    'image: a',
  ),
  one('a null where the chart has nothing', TYPED, { image: null }, ['image: must be string']),
  one('a null of the chart itself', TYPED, {}, ['image: must be string'], 'image: null'),
  one(
    'a null that takes a map away',
    { properties: { a: { required: ['b'] } } },
    { a: { b: null } },
    ['a: lacks the key b'],
    'a: { b: 1 }',
  ),
  one(
    'a key that is missing deep down',
    { properties: { a: { properties: { b: { required: ['c'] } } } } },
    { a: { b: {} } },
    ['a.b: lacks the key c'],
  ),
  one('a key that is not known', { properties: { a: true }, additionalProperties: false }, { a: 1, b: 2 }, [
    'b: is a key that the schema does not allow',
  ]),
  one('keys by pattern', { patternProperties: { '^x-': { type: 'string' } } }, { 'x-a': 1 }, ['x-a: must be string']),
  one('none of several', { properties: { a: { enum: ['x', 'y'] } } }, { a: 'z' }, ['a: must be one of ["x","y"]']),
  one('something else', { properties: { a: { const: 'x' } } }, { a: 'z' }, ['a: must be "x"']),
  one('two types', { properties: { a: { type: ['string', 'null'] } } }, { a: 1 }, ['a: must be string or null']),
  one(
    'no form fits',
    { properties: { a: { anyOf: [{ type: 'string' }, { type: 'object', additionalProperties: false }] } } },
    { a: { b: 1 } },
    ['a: fits none of the forms that the schema allows'],
  ),
  one('two forms fit', { properties: { a: { oneOf: [{ type: 'number' }, { type: 'integer' }] } } }, { a: 1 }, [
    'a: does not fit exactly one of the forms that the schema allows',
  ]),
  one('a form that is ruled out', { properties: { a: { not: { type: 'string' } } } }, { a: 'b' }, [
    'a: has a form that the schema rules out',
  ]),
  one('one thing calls for another', JSON.parse('{"if":{"required":["a"]},"then":{"required":["b"]}}'), { a: 1 }, [
    ': lacks the key b',
  ]),
  one(
    'definitions of its own',
    { definitions: { n: { type: 'integer' } }, properties: { a: { $ref: '#/definitions/n' } } },
    { a: 'b' },
    ['a: must be integer'],
  ),
  one('entries of a list', { properties: { a: { items: { type: 'integer' } } } }, { a: [1, 'b'] }, [
    'a.1: must be integer',
  ]),
  one('a pattern', { properties: { a: { pattern: '^[a-z]+$' } } }, { a: 'B' }, [
    'a: does not match the pattern of the schema',
  ]),
  one('twice the same', { properties: { a: { uniqueItems: true } } }, { a: [1, 1] }, ['a: has the same entry twice']),
  one('a key with a dot and a slash', { properties: { 'a.b/c': { type: 'integer' } } }, { 'a.b/c': 'x' }, [
    'a\\.b/c: must be integer',
  ]),
  one('formats count in draft 7', { $schema: DRAFT.seven, ...TYPED }, { day: 'tomorrow' }, [
    'day: must be of the format date',
  ]),
  one('formats count in draft 4', { $schema: DRAFT.four, ...TYPED }, { day: 'tomorrow' }, [
    'day: must be of the format date',
  ]),
  one('formats are notes since 2019', { $schema: DRAFT[2019], ...TYPED }, { day: 'tomorrow' }, []),
  one('formats are notes where no draft is named', TYPED, { day: 'tomorrow' }, []),
  one('a key that is called format', { properties: { format: { type: 'integer' } } }, { format: 'x' }, [
    'format: must be integer',
  ]),
  one(
    'limits of draft 4',
    { $schema: DRAFT.four, properties: { a: { minimum: 1, exclusiveMinimum: true } } },
    { a: 1 },
    ['a: must be greater: the limit is 1'],
  ),
  one('limits of draft 6', { $schema: DRAFT.six, properties: { a: { exclusiveMinimum: 1 } } }, { a: 1 }, [
    'a: must be greater: the limit is 1',
  ]),
  one(
    'beside a reference in draft 7 nothing counts',
    {
      $schema: DRAFT.seven,
      definitions: { s: { type: 'string' } },
      properties: { a: { $ref: '#/definitions/s', minLength: 5 } },
    },
    { a: 'b' },
    [],
  ),
  one(
    'beside a reference in 2020 everything counts',
    { $schema: DRAFT[2020], $defs: { s: { type: 'string' } }, properties: { a: { $ref: '#/$defs/s', minLength: 5 } } },
    { a: 'b' },
    ['a: is too short'],
  ),
  one(
    'entries by place in 2020',
    { $schema: DRAFT[2020], properties: { a: { prefixItems: [{ type: 'integer' }] } } },
    { a: ['b'] },
    ['a.0: must be integer'],
  ),
  one(
    'what was not looked at, in 2019',
    { $schema: DRAFT[2019], allOf: [{ properties: { a: true } }], unevaluatedProperties: false },
    { a: 1, b: 1 },
    ['b: is a key that the schema does not allow'],
  ),
  one('a schema that allows everything', true, { a: 1 }, []),
  packed('a packed chart', { schema: SIZED }, { db: { size: 'big' } }, ['db.size: must be integer']),
  packed('its own values', { schema: SIZED, own: 'size: 3' }, {}, []),
  packed('what it needs', { schema: SIZED }, {}, ['db: lacks the key size']),
  packed('a null of its own', { schema: SIZED, own: 'size: null' }, { db: { size: 1 } }, []),
  packed(
    'by its alias',
    { schema: SIZED, dependency: '{ name: db, version: 1.0.0, alias: store }' },
    { store: { size: 'x' } },
    ['store.size: must be integer'],
  ),
  packed(
    'switched off by the values',
    { schema: SIZED, dependency: '{ name: db, version: 1.0.0, condition: db.on }' },
    { db: { on: false } },
    [],
  ),
  packed(
    'switched off by the chart and on by the values',
    { schema: SIZED, values: 'db: { on: false }', dependency: '{ name: db, version: 1.0.0, condition: db.on }' },
    { db: { on: true } },
    ['db: lacks the key size'],
  ),
  packed(
    'switched off by a tag',
    { schema: SIZED, dependency: '{ name: db, version: 1.0.0, tags: [data] }' },
    { tags: { data: false } },
    [],
  ),
  packed(
    'a condition goes before a tag',
    { schema: SIZED, dependency: '{ name: db, version: 1.0.0, condition: db.on, tags: [data] }' },
    { db: { on: true }, tags: { data: false } },
    ['db: lacks the key size'],
  ),
  packed('what is global', { schema: { properties: { global: { required: ['region'] } } } }, {}, [
    'db.global: lacks the key region',
  ]),
  packed(
    'what is global and there',
    { schema: { properties: { global: { required: ['region'] } } } },
    { global: { region: 'a' } },
    [],
  ),
];
