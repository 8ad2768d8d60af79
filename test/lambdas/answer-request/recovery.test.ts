/** The table learns from the cluster only when it is told to, and never what it does not see. */
import { describe, expect, it } from 'vitest';
import type { RevisionsAnswer } from '../../../contracts/revisions.ts';
import { keys } from '../../../domain/keys.ts';
import { leaseKey } from '../../../domain/registry/place.ts';
import { replace } from '../../../domain/table.ts';
import { aRelease } from '../../support/items.ts';
import { registered } from './support.ts';

const PATH = '/environments/dev/packages/webui/recovery';
const REVISIONS: RevisionsAnswer = {
  outcome: 'read',
  revisions: [
    { revision: 4, status: 'superseded', fence: 3, installation: 'fairlead' },
    { revision: 5, status: 'deployed', fence: 8, installation: 'fairlead' },
  ],
};

async function restored(answer: RevisionsAnswer) {
  const asked: unknown[] = [];
  const api = await registered({
    readRevisions: async (deployer, input) => {
      asked.push([deployer, input.place.namespace, input.place.release]);
      return answer;
    },
  });
  await api.table.transact([{ do: 'put', key: keys.release('dev', 'webui'), item: aRelease(), expect: 'absent' }]);
  const release = () => api.table.get(keys.release('dev', 'webui'));
  const lease = async () => {
    const environment = await api.table.get(keys.environment('dev'));
    if (environment === undefined) throw new Error('dev is not registered');
    return api.table.get(leaseKey({ cluster: environment.cluster, namespace: 'webui-dev', release: 'webui' }));
  };
  return { ...api, asked, release, lease };
}

describe('a look after a restore', () => {
  it('tells what differs and changes nothing', async () => {
    const { call, asked, release, lease } = await restored(REVISIONS);
    const { status, body } = await call('POST', PATH, { body: {} });
    expect([status, body]).toMatchObject([200, { environment: 'dev', package: 'webui', state: 'differs' }]);
    expect((body as { findings: string[] }).findings).toHaveLength(2);
    expect(asked).toEqual([['default', 'webui-dev', 'webui']]);
    expect([await release(), await lease()]).toMatchObject([{ rev: 1, liveRevision: 4 }, undefined]);
  });

  it('of a platform package asks as the account that may look there', async () => {
    const actsAs: unknown[] = [];
    const { call, table } = await registered({
      readRevisions: async (_deployer, { actAs }) => {
        actsAs.push(actAs);
        return REVISIONS;
      },
    });
    const pkg = await table.get(keys.package('webui'));
    if (pkg === undefined) throw new Error('webui is not registered');
    await call('POST', PATH, { body: {} });
    await table.transact([replace(keys.package('webui'), pkg, { profile: 'platform' })]);
    await call('POST', PATH, { body: {} });
    expect(actsAs).toEqual([undefined, 'system:serviceaccount:fairlead-system:fairlead-platform']);
  });

  it('lets the table learn when told to, and agrees from then on', async () => {
    const { call, release, lease } = await restored(REVISIONS);
    expect((await call('POST', PATH, { body: { apply: true } })).body).toMatchObject({ state: 'recovered' });
    expect(await release()).toMatchObject({ liveRevision: 5, goodRevision: 4, state: 'failed' });
    expect(await release()).not.toHaveProperty('inputsDigest');
    expect(await lease()).toMatchObject({ fence: 9, namespace: 'webui-dev', release: 'webui' });
    expect((await call('POST', PATH, { body: { apply: true } })).body).toMatchObject({ state: 'agrees', findings: [] });
  });

  it('of a cluster that does not answer says so', async () => {
    const { call, release } = await restored({ outcome: 'unreadable', because: 'no route to host' });
    expect((await call('POST', PATH, { body: { apply: true } })).body).toMatchObject({
      state: 'unreadable',
      findings: ['no route to host'],
    });
    expect(await release()).toMatchObject({ rev: 1 });
  });

  it.each([
    ['/environments/nowhere/packages/webui/recovery', /nowhere is not registered/],
    ['/environments/dev/packages/nothing/recovery', /nothing is not registered/],
  ])('at %s there is nothing', async (path, words) => {
    const { call } = await restored(REVISIONS);
    const { status, body } = await call('POST', path, { body: {} });
    expect([status, (body as { detail: string }).detail]).toEqual([404, expect.stringMatching(words)]);
  });
});
