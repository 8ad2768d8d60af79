import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCollision, placeId, placeOf } from '../../../domain/registry/place.ts';
import { aCluster, anEnvironment, aPackage } from '../../support/items.ts';

describe('a package stands', () => {
  it.each([
    ['in its own namespace', undefined, 'web'],
    ['in its namespace and the suffix, joined by a dash', 'dev', 'web-dev'],
  ])('%s', (_where, namespaceSuffix, namespace) => {
    const environment = anEnvironment({ namespaceSuffix });
    expect(placeOf(aPackage(), environment)).toEqual({ cluster: aCluster(), namespace, release: 'webui' });
  });
});

describe('two environments collide', () => {
  const dev = anEnvironment({ name: 'dev', namespaceSuffix: undefined });
  const twin = (changes: object) => anEnvironment({ name: 'twin', namespaceSuffix: undefined, ...changes });

  it.each([
    ['in one cluster without suffixes', twin({}), true],
    ['not with a suffix of their own', twin({ namespaceSuffix: 'twin' }), false],
    ['not in another cluster', twin({ cluster: aCluster({ name: 'other' }) }), false],
    [
      'not in a cluster of the same name in another region',
      twin({ cluster: aCluster({ region: 'us-east-1' }) }),
      false,
    ],
    [
      'not in a cluster of the same name in another account',
      twin({ cluster: aCluster({ account: '222222222222' }) }),
      false,
    ],
    [
      'by whatever way the API server is reached',
      twin({ cluster: aCluster({ endpoint: 'https://x', ca: 'eA==' }) }),
      true,
    ],
  ])('%s', (_where, other, collide) => {
    expect(findCollision([aPackage()], [dev, other]) !== undefined).toBe(collide);
  });

  it('also when namespace and suffix of different packages make the same name', () => {
    const packages = [
      aPackage({ name: 'a', namespace: 'x', release: 'r' }),
      aPackage({ name: 'b', namespace: 'x-y', release: 'r' }),
    ];
    const environments = [
      anEnvironment({ name: 'e', namespaceSuffix: 'y' }),
      anEnvironment({ name: 'f', namespaceSuffix: undefined }),
    ];
    expect(findCollision(packages, environments)).toMatchObject({
      package: 'b',
      environment: 'f',
      otherPackage: 'a',
      otherEnvironment: 'e',
    });
  });

  it('exactly when two of their places are the same', () => {
    const name = fc.constantFrom('a', 'b', 'a-b');
    const pkg = fc.record({ name: fc.string(), namespace: name, release: name }).map(aPackage);
    const suffix = fc.option(name, { nil: undefined });
    const environment = fc.record({ name: fc.string(), namespaceSuffix: suffix }).map(anEnvironment);
    const some = fc.tuple(fc.array(pkg, { maxLength: 4 }), fc.array(environment, { maxLength: 4 }));
    void fc.assert(
      fc.property(some, ([packages, environments]) => {
        const places = packages.flatMap((p) => environments.map((e) => placeId(placeOf(p, e))));
        expect(findCollision(packages, environments) !== undefined).toBe(new Set(places).size < places.length);
      }),
    );
  });
});
