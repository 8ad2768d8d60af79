import { expect, test } from 'vitest';
import { checkSchemas } from '../../../adapters/helm/check-schema.ts';
import { readChart } from '../../../adapters/helm/read-chart.ts';
import { pathText } from '../../../domain/values/effective.ts';
import { chartArchive } from '../../support/chart-archive.ts';
import { SCHEMA_CASES } from '../../support/schema-cases.ts';

const read = readChart({ readFeature: () => ({ ok: false, because: 'no Feature.yaml here' }) });

function faultsOf(files: Readonly<Record<string, string>>, given: Readonly<Record<string, unknown>>): string[] {
  const content = read(chartArchive(files));
  if (!content.ok) throw new Error(content.because);
  return checkSchemas(content.chart, given)
    .map(({ path, because }) => `${pathText(path)}: ${because}`)
    .toSorted();
}

test.each(SCHEMA_CASES.map((one) => [one.says, one] as const))('%s', (_, { files, given, faults }) => {
  expect(faultsOf(files, given)).toEqual(faults);
});

test('values are never quoted', () => {
  const keywords = {
    type: 'boolean',
    enum: [1],
    const: 2,
    minimum: 1e12,
    maximum: -5,
    exclusiveMinimum: 1e12,
    exclusiveMaximum: -5,
    multipleOf: 7000,
    minLength: 100,
    maxLength: 1,
    pattern: '^z$',
    format: 'ipv4',
    not: {},
    anyOf: [{ type: 'null' }],
  };
  const schema = { $schema: 'http://json-schema.org/draft-07/schema#', properties: { a: keywords, b: keywords } };
  const faults = faultsOf({ 'values.schema.json': JSON.stringify(schema) }, { a: 'hunter2', b: 31337 });
  expect(faults.length).toBeGreaterThan(12);
  expect(faults.join()).not.toMatch(/hunter2|31337/);
});

test('a schema that is somewhere else is not fetched, and says so', () => {
  const schema = { properties: { a: { $ref: 'https://example.com/schema.json#/a' } } };
  expect(faultsOf({ 'values.schema.json': JSON.stringify(schema) }, {})).toEqual([
    ": cannot be checked: its values.schema.json refers to https://example.com/schema.json#/a, which is not fetched. Put it into the schema's own definitions",
  ]);
});

test.each([
  ['a pattern that only Go knows', { properties: { a: { pattern: '(?i)^a\\z' } } }],
  ['a reference to nothing', { properties: { a: { $ref: '#/definitions/none' } } }],
  ['keywords of another type', { properties: 5, required: 'a' }],
])('%s is left to helm', (_, schema) => {
  expect(faultsOf({ 'values.schema.json': JSON.stringify(schema) }, { a: 'A' })).toEqual([]);
});

test('a schema that refers to itself ends', () => {
  const schema = { properties: { next: { $ref: '#' }, n: { type: 'integer' } } };
  const given = { next: { next: { n: 'x' } } };
  expect(faultsOf({ 'values.schema.json': JSON.stringify(schema) }, given)).toEqual(['next.next.n: must be integer']);
});

test('the same chart is checked again and again', () => {
  const files = { 'values.schema.json': '{ "$id": "urn:web", "properties": { "a": { "type": "integer" } } }' };
  const content = read(chartArchive(files));
  if (!content.ok) throw new Error(content.because);
  for (const _ of [1, 2]) expect(checkSchemas(content.chart, { a: 'x' })).toHaveLength(1);
});
