import { describe, expect, it } from 'vitest';
import { chooseWay, type Described } from '../../../domain/aws-auth/choose-way.ts';

const cluster = { name: 'main', account: '123456789012', region: 'eu-north-1' };
const mode = (name: string, account = cluster.account): Described => ({ seen: 'mode', mode: name, account });
const way = (described: Described | undefined, hasEndpoint = false) => chooseWay({ cluster, described, hasEndpoint });

describe('the way into a cluster', () => {
  it.each([
    ['API', { way: 'access-entry', orAwsAuth: false }],
    ['API_AND_CONFIG_MAP', { way: 'access-entry', orAwsAuth: true }],
    ['CONFIG_MAP', { way: 'aws-auth', mayCreate: true }],
  ])('in mode %s is what the mode allows', (name, expected) => {
    expect(way(mode(name))).toEqual({ ...expected, because: `authentication mode ${name}` });
    expect(way(mode(name), true)).toMatchObject(expected);
  });

  it('is none in a mode that allows neither', () => {
    expect(way(mode('NEITHER'))).toMatchObject({ way: 'none', because: expect.stringContaining("mode 'NEITHER'") });
  });

  it("is none when another account's cluster of that name answered", () => {
    expect(way(mode('API', '999999999999'))).toMatchObject({
      way: 'none',
      because: expect.stringMatching(/of account 999999999999.*use credentials of 123456789012/),
    });
  });

  it('is aws-auth when EKS is left out, and none is made', () => {
    expect(way(undefined)).toMatchObject({ way: 'aws-auth', mayCreate: false });
  });

  it.each<Exclude<Described, { seen: 'mode' }>>([
    { seen: 'not-found', because: 'no such cluster' },
    { seen: 'nothing', because: 'no right' },
  ])('is aws-auth for a cluster registered with its endpoint of which EKS says nothing: $because', (described) => {
    expect(way(described, true)).toEqual({ way: 'aws-auth', mayCreate: false, because: described.because });
  });

  it('is none for a cluster that EKS does not know', () => {
    expect(way({ seen: 'not-found', because: 'no such cluster' })).toMatchObject({
      way: 'none',
      because: expect.stringMatching(/^no such cluster: .*eu-north-1.*123456789012/),
    });
  });

  it('is none without the right to ask, which is named with the cluster', () => {
    expect(way({ seen: 'nothing', because: 'refused' })).toMatchObject({
      way: 'none',
      because: expect.stringMatching(
        /eks:DescribeCluster on arn:aws:eks:eu-north-1:123456789012:cluster\/main.*--kubeconfig-only/,
      ),
    });
  });
});
