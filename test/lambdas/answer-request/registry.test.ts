import { describe, expect, it } from 'vitest';
import type { ReleaseItem } from '../../../domain/items/release.ts';
import type { ItemType } from '../../../domain/items.ts';
import { type Key, keys } from '../../../domain/keys.ts';
import { create } from '../../../domain/table.ts';
import { registered, type TestApi, testApi } from './support.ts';

const ROLES = 'arn:aws:iam::123456789012:role';
const release = (pkg: string, environment: string): Omit<ReleaseItem, 'rev'> => ({
  type: 'release',
  v: 1,
  package: pkg,
  environment,
  highestSequence: 1,
  state: 'deployed',
  because: 'ready',
  at: '2026-11-21T09:00:00.000Z',
});
const stands = ({ table }: TestApi, pkg: string, environment: string) =>
  table.transact([create(keys.release(environment, pkg), release(pkg, environment))]);

describe('a package', () => {
  it('is registered with 201 and gets the installation’s chart place and its own name as release', async () => {
    const { call } = testApi();
    const answer = await call('PUT', '/packages/webui', { body: { namespace: 'web' } });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      name: 'webui',
      chart: 'oci://registry.example/charts/webui',
      release: 'webui',
      namespace: 'web',
      timeoutMinutes: 5,
      forceConflicts: false,
      revision: 1,
      updatedBy: 'fairlead-operator/ada',
    });
    expect((await call('GET', '/packages/webui')).body).toEqual(answer.body);
    expect((await call('GET', '/packages')).body.packages).toEqual([answer.body]);
  });

  it('is changed with 200 and a higher revision, and not at all by the same words in another order', async () => {
    const { call } = testApi();
    const stages = [{ name: 'all', targets: [{ ring: 'prod', tier: 'a' }] }];
    await call('PUT', '/packages/webui', { body: { namespace: 'web', stages } });
    const same = [{ targets: [{ tier: 'a', ring: 'prod' }], name: 'all' }];
    expect((await call('PUT', '/packages/webui', { body: { stages: same, namespace: 'web' } })).body.revision).toBe(1);
    const changed = await call('PUT', '/packages/webui', { body: { namespace: 'web', timeoutMinutes: 9 } });
    expect([changed.status, changed.body.revision, changed.body.stages]).toEqual([200, 2, undefined]);
  });

  it.each([
    ['a team', { team: 'web-team' }],
    ['the profile platform', { profile: 'platform' }],
    ['a team and the profile that everybody has', { team: 'web-team', profile: 'namespaced' }],
    ['helm in builds', { executor: 'codebuild' }],
    ['hooks that are short', { shortHooks: true }],
    ['changed layers rolled out', { valuesRollout: 'auto' }],
    ['secrets that it may refer to', { references: ['ssm:/shared/smtp'] }],
  ])('with %s says so ever after', async (_, identity) => {
    const { call } = testApi();
    const put = await call('PUT', '/packages/webui', { body: { namespace: 'web', ...identity } });
    expect([put.status, put.body]).toEqual([201, expect.objectContaining(identity)]);
    expect((await call('GET', '/packages/webui')).body).toMatchObject(identity);
  });

  it.each([
    ['both a team and the platform account', { team: 'web-team', profile: 'platform' }, '/team'],
    ['a team that no service account can be called', { team: 'Web_Team' }, '/team'],
    ['a team in another namespace', { team: 'kube-system:admin' }, '/team'],
    ['a profile that is none', { profile: 'cluster-admin' }, '/profile'],
  ])('is refused with %s', async (_, identity, pointer) => {
    const { call } = testApi();
    const answer = await call('PUT', '/packages/webui', { body: { namespace: 'web', ...identity } });
    expect([answer.status, answer.body.errors]).toEqual([422, [expect.objectContaining({ pointer })]]);
  });

  it.each([
    ['"1"', 200],
    ['1', 200],
    ['"7"', 412],
    ['*', 422],
  ])('with If-Match %s is answered %i', async (match, status) => {
    const { call } = testApi();
    await call('PUT', '/packages/webui', { body: { namespace: 'web' } });
    const headers = { 'if-match': match };
    expect(
      (await call('PUT', '/packages/webui', { headers, body: { namespace: 'web', timeoutMinutes: 9 } })).status,
    ).toBe(status);
  });

  it('that is not there meets no If-Match', async () => {
    const answer = await testApi().call('PUT', '/packages/webui', {
      headers: { 'If-Match': '1' },
      body: { namespace: 'web' },
    });
    expect(answer.body).toMatchObject({ status: 412, detail: 'package webui is not registered, not 1: read it again' });
  });

  it('cannot take the release of another package; both are named', async () => {
    const { call } = await registered();
    const answer = await call('PUT', '/packages/thief', { body: { namespace: 'webui', release: 'webui' } });
    expect(answer.status).toBe(409);
    expect(answer.body.detail).toMatch(
      /package webui in environment dev and package thief in environment dev would share/,
    );
    expect((await call('GET', '/packages/thief')).status).toBe(404);
  });

  it('cannot move to another namespace while a release stands, but may change otherwise', async () => {
    const api = await registered();
    await stands(api, 'webui', 'dev');
    const moved = await api.call('PUT', '/packages/webui', { body: { namespace: 'elsewhere' } });
    expect(moved.body).toMatchObject({ status: 409, detail: expect.stringContaining('webui in dev') });
    expect((await api.call('PUT', '/packages/webui', { body: { namespace: 'webui', timeoutMinutes: 1 } })).status).toBe(
      200,
    );
  });

  it('is forgotten with 204, and is gone then', async () => {
    const { call } = await registered();
    expect((await call('DELETE', '/packages/webui')).status).toBe(204);
    expect((await call('GET', '/packages/webui')).status).toBe(404);
    expect((await call('DELETE', '/packages/webui')).status).toBe(404);
  });

  it('stays while a release of it stands or a rollout of it is open', async () => {
    const api = await registered();
    await stands(api, 'worker', 'staging');
    await api.call('POST', '/packages/webui/rollouts', { body: { version: '1.0.0' } });
    expect((await api.call('DELETE', '/packages/worker')).body.detail).toMatch(/worker in staging/);
    expect((await api.call('DELETE', '/packages/webui')).body.detail).toMatch(/rollout 01JD\w+ of webui is open/);
  });
});

describe('an environment', () => {
  it('is registered in the installation’s account and region unless it says otherwise', async () => {
    const { call } = testApi();
    const answer = await call('PUT', '/environments/dev', { body: { cluster: { name: 'main' } } });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      cluster: { name: 'main', account: '123456789012', region: 'eu-north-1' },
      deployer: 'default',
      labels: {},
    });
    const other = { cluster: { name: 'main', account: '999999999999', region: 'us-east-1' } };
    expect((await call('PUT', '/environments/far', { body: other })).body.cluster).toEqual(other.cluster);
  });

  it('names the role that its cluster has to let in', async () => {
    const { call } = testApi();
    const role = async (name: string, body: object) => (await call('PUT', `/environments/${name}`, { body })).body;
    const cluster = { name: 'main' };
    expect(await role('own', { cluster })).toMatchObject({ deployerRole: `${ROLES}/fairlead-deployer` });
    expect(await role('far', { cluster: { ...cluster, account: '999999999999' } })).toMatchObject({
      deployerRole: 'arn:aws:iam::999999999999:role/fairlead-cluster-access',
    });
    // An account that is not configured maps the deployer itself.
    expect(await role('foreign', { cluster: { ...cluster, account: '210987654321' } })).toMatchObject({
      deployerRole: `${ROLES}/fairlead-deployer`,
    });
    await role('private', { cluster: { name: 'hidden' }, deployer: 'private' });
    const expected = { deployerRole: `${ROLES}/fairlead-deployer-private` };
    expect((await call('GET', '/environments/private')).body).toMatchObject(expected);
    expect((await call('GET', '/environments')).body.environments).toContainEqual(expect.objectContaining(expected));
  });

  it('cannot share a release with another one', async () => {
    const { call } = await registered();
    const answer = await call('PUT', '/environments/twin', {
      body: { cluster: { name: 'main' }, namespaceSuffix: 'dev' },
    });
    expect(answer.status).toBe(409);
    expect(answer.body.detail).toMatch(
      /environment dev and .* environment twin would share the release .*webui-dev\/webui/,
    );
  });

  it('cannot make a namespace longer than Kubernetes allows', async () => {
    const { call } = testApi();
    await call('PUT', '/packages/webui', { body: { namespace: 'n'.repeat(40) } });
    const body = { cluster: { name: 'main' }, namespaceSuffix: 's'.repeat(30) };
    expect((await call('PUT', '/environments/dev', { body })).body).toMatchObject({
      status: 409,
      detail: expect.stringContaining('63'),
    });
  });

  it('with an unknown deployer is refused, and the known ones are named', async () => {
    const answer = await testApi().call('PUT', '/environments/dev', {
      body: { cluster: { name: 'main' }, deployer: 'magic' },
    });
    expect(answer.body).toMatchObject({ status: 422, errors: [{ pointer: '/deployer' }] });
    expect(answer.body.detail).toMatch(/'magic' is no deployer .* default, private/);
  });

  it('is found by its labels, all of which must hold', async () => {
    const { call } = await registered();
    const names = async (label: string[]) =>
      (await call('GET', '/environments', { query: { label } })).body.environments.map(
        ({ name }: { name: string }) => name,
      );
    expect(await names(['ring=prod'])).toEqual(['prod-eu', 'prod-us']);
    expect(await names(['ring=prod', 'ring=dev'])).toEqual([]);
    expect((await call('GET', '/environments', { query: { label: ['ring'] } })).status).toBe(422);
    expect((await call('GET', '/environments', { query: { lable: ['ring=prod'] } })).status).toBe(422);
  });

  it('tells what runs there', async () => {
    const api = await registered();
    await stands(api, 'webui', 'dev');
    expect((await api.call('GET', '/environments/dev/packages')).body.releases).toMatchObject([
      { package: 'webui', environment: 'dev', state: 'deployed' },
    ]);
    expect((await api.call('GET', '/environments/nowhere/packages')).status).toBe(404);
  });

  it('cannot go, nor move to another cluster, while something runs or may come there', async () => {
    const api = await registered();
    await stands(api, 'webui', 'dev');
    await api.call('POST', '/packages/worker/rollouts', { body: { version: '1.0.0' } });
    const elsewhere = { cluster: { name: 'other' }, namespaceSuffix: 'dev' };
    expect((await api.call('PUT', '/environments/dev', { body: elsewhere })).status).toBe(409);
    expect((await api.call('DELETE', '/environments/dev')).status).toBe(409);
    expect((await api.call('DELETE', '/environments/prod-eu')).body.detail).toMatch(/rollout .* of worker is open/);
  });

  it('goes when nothing is there', async () => {
    const { call } = await registered();
    expect((await call('DELETE', '/environments/dev', { headers: { 'If-Match': '9' } })).status).toBe(412);
    expect((await call('DELETE', '/environments/dev')).status).toBe(204);
    expect((await call('GET', '/environments/dev')).status).toBe(404);
  });
});

it('two changes at once that would share a release do not both go through', async () => {
  const { call } = testApi();
  await call('PUT', '/packages/webui', { body: { namespace: 'web' } });
  const body = { cluster: { name: 'main' } };
  const answers = await Promise.all([
    call('PUT', '/environments/a', { body }),
    call('PUT', '/environments/b', { body }),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
});

it.each([
  ['packages', '/packages/a', '/packages/b', { namespace: 'web', release: 'web' }],
  ['environments', '/environments/a', '/environments/b', { cluster: { name: 'main' } }],
])(
  'of two %s that would share a release, one comes while the other is being looked at: it is seen',
  async (_what, one, other, body) => {
    const api = testApi();
    await api.call('PUT', '/packages/webui', { body: { namespace: 'webui' } });
    await api.call('PUT', '/environments/dev', { body: { cluster: { name: 'dev' } } });
    const { table } = api;
    let late = true;
    Object.assign(api.deps, {
      table: {
        ...table,
        get: async <T extends ItemType>(key: Key<T>) => {
          if (key.type === 'registry' && late) {
            late = false;
            expect((await api.call('PUT', other, { body })).status).toBe(201);
          }
          return await table.get(key);
        },
      },
    });
    expect((await api.call('PUT', one, { body })).status).toBe(409);
  },
);
