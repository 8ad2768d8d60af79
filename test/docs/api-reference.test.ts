import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../../bin/generate/command-line.ts';
import { exitCodes } from '../../bin/generate/exit-codes.ts';
import { openapi, openapiDocument } from '../../bin/generate/openapi.ts';
import { rights } from '../../bin/generate/rights.ts';
import { FASIT_ROUTES } from '../../contracts/api/fasit-routes.ts';
import { ROUTES } from '../../contracts/api/routes.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('the reference pages', () => {
  it.each([...openapi(), ...rights(), ...exitCodes(), ...commandLine()])(
    '$path is as the code says (npm run generate)',
    async ({ path, content }) => {
      expect(await readFile(join(ROOT, path), 'utf8')).toBe(content);
    },
  );
});

describe('the OpenAPI document', () => {
  const document = openapiDocument();
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => `${method.toUpperCase()} ${path} ${operation.operationId}`),
  );

  it('has every route, and nothing else', () => {
    const routes = [...ROUTES, ...FASIT_ROUTES].map(({ method, path, operation }) => `${method} ${path} ${operation}`);
    expect(operations.toSorted()).toEqual(routes.toSorted());
  });

  it('declares every parameter that stands in a path', () => {
    for (const [path, item] of Object.entries(document.paths ?? {})) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const operation of Object.values(item)) {
        const declared = (operation.parameters ?? []).filter((parameter: { in: string }) => parameter.in === 'path');
        expect(declared.map(({ name }: { name: string }) => name)).toEqual(inPath);
      }
    }
  });

  it('refers only to schemas that it has', () => {
    const text = JSON.stringify(document);
    const referred = new Set([...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name));
    expect(Object.keys(document.components?.schemas ?? {}).toSorted()).toEqual([...referred].toSorted());
  });
});

describe('the routes', () => {
  it('have an operation of their own each, and a method and path of their own each', () => {
    expect(new Set(ROUTES.map(({ operation }) => operation)).size).toBe(ROUTES.length);
    expect(new Set(ROUTES.map(({ method, path }) => `${method} ${path}`)).size).toBe(ROUTES.length);
  });

  it('that a source may use stand below its package, so that its policy can name it', () => {
    const open = ROUTES.filter(({ who, path }) => who.includes('source') && !path.startsWith('/packages/{package}'));
    expect(open).toEqual([]);
  });

  it('that change something are not for readers', () => {
    expect(ROUTES.filter(({ method, who }) => method !== 'GET' && who.includes('reader'))).toEqual([]);
  });
});
