import { describe, expect, it } from 'vitest';
import type { Inspect, InspectAnswer, InspectInput, InspectReply } from '../../../contracts/inspection.ts';
import { CLUSTER, OPERATOR, READER, registered, SOURCE, testApi } from './support.ts';

const said: InspectAnswer = {
  outcome: 'inspected',
  at: '2026-11-21T10:00:01.000Z',
  checks: [{ check: 'network', state: 'ok', says: 'it is there' }],
};
const good: InspectReply = { answered: true, answer: said };

/** A deployer that says `reply`, and what it was asked. */
function deployer(reply: InspectReply = good) {
  const asked: { deployer: string; input: InspectInput }[] = [];
  const inspect: Inspect = async (name, input) => {
    asked.push({ deployer: name, input });
    return reply;
  };
  return { asked, inspect };
}

describe('an inspection', () => {
  it('asks the deployer of the environment, and tells its lines after its own', async () => {
    const { asked, inspect } = deployer();
    const { call } = await registered({ inspect });
    const answer = await call('GET', '/environments/dev/inspection', { as: READER });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        environment: 'dev',
        deployer: { name: 'default', role: 'arn:aws:iam::123456789012:role/fairlead-deployer' },
        at: '2026-11-21T10:00:01.000Z',
        checks: [
          { check: 'deployer', state: 'ok' },
          { check: 'clock', state: 'ok' },
          { check: 'network', state: 'ok', says: 'it is there' },
        ],
      },
    });
    expect(asked).toEqual([
      { deployer: 'default', input: expect.objectContaining({ v: 1, operation: 'inspect', environment: 'dev' }) },
    ]);
    expect(asked[0]?.input.package).toBeUndefined();
  });

  it.each([
    [{}, undefined],
    [{ team: 'web-team' }, 'system:serviceaccount:webui-dev:web-team'],
    [{ profile: 'platform' }, 'system:serviceaccount:fairlead-system:fairlead-platform'],
  ])('of a package with %j says where it lands and as whom it acts', async (identity, actAs) => {
    const { asked, inspect } = deployer();
    const { call } = testApi({ inspect });
    await call('PUT', '/packages/webui', { body: { namespace: 'webui', ...identity } });
    await call('PUT', '/environments/dev', { body: { cluster: CLUSTER, namespaceSuffix: 'dev' } });
    const query = { package: ['webui'], version: ['1.4.2'] };
    const answer = await call('GET', '/environments/dev/inspection', { query });
    expect(answer).toMatchObject({ status: 200, body: { package: 'webui' } });
    expect(asked[0]?.input.package).toEqual({
      name: 'webui',
      chart: 'oci://registry.example/charts/webui',
      version: '1.4.2',
      namespace: 'webui',
      landsIn: 'webui-dev',
      release: 'webui',
      ...(actAs !== undefined && { actAs }),
    });
  });

  it.each<[string, InspectReply, RegExp]>([
    ['does not answer', { answered: false, known: true, because: 'nothing within 25 s' }, /nothing within 25 s/],
    ['is none of this installation', { answered: false, known: false }, /has no deployer default/],
  ])('by a deployer that %s is a bad line and no error', async (_, reply, says) => {
    const { call } = await registered({ inspect: deployer(reply).inspect });
    const { status, body } = await call('GET', '/environments/dev/inspection');
    expect(status).toBe(200);
    expect(body.checks).toEqual([
      { check: 'deployer', state: 'fail', says: expect.stringMatching(says), fix: expect.any(String) },
    ]);
    expect(body.at).toBeUndefined();
  });

  it('sees a deployer whose clock is off', async () => {
    const off: InspectReply = { answered: true, answer: { ...said, at: '2026-11-21T10:07:00.000Z' } };
    const { call } = await registered({ inspect: deployer(off).inspect });
    const { body } = await call('GET', '/environments/dev/inspection');
    expect(body.checks[1]).toMatchObject({
      check: 'clock',
      state: 'fail',
      says: expect.stringContaining('420 seconds'),
    });
  });

  it.each([
    ['an environment that nobody registered', '/environments/far/inspection', {}, 404],
    ['a package that nobody registered', '/environments/dev/inspection', { package: ['far'] }, 404],
    ['something that is no package', '/environments/dev/inspection', { package: ['A B'] }, 422],
    ['something that is no version', '/environments/dev/inspection', { package: ['webui'], version: ['new'] }, 422],
    ['something unknown', '/environments/dev/inspection', { deep: ['true'] }, 422],
  ])('of %s asks nobody', async (_, path, query, status) => {
    const { asked, inspect } = deployer();
    const { call } = await registered({ inspect });
    expect((await call('GET', path, { query })).status).toBe(status);
    expect(asked).toEqual([]);
  });

  it('is for people, not for sources: it tells more than their own packages', async () => {
    const { call } = await registered({ inspect: deployer().inspect });
    const statuses = [];
    for (const as of [OPERATOR, READER, SOURCE])
      statuses.push((await call('GET', '/environments/dev/inspection', { as })).status);
    expect(statuses).toEqual([200, 200, 403]);
  });
});
