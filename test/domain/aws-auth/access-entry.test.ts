import { describe, expect, it } from 'vitest';
import {
  type AccessEntry,
  deployersAccessEntry,
  INSTALLATION_TAG,
  installationOf,
  judgeEntry,
  judgeEntryGone,
} from '../../../domain/aws-auth/access-entry.ts';

const WANTED = deployersAccessEntry('arn:aws:iam::123456789012:role/fairlead-deployer', 'fairlead');
const but = (more: Partial<AccessEntry>): AccessEntry => ({ ...WANTED, ...more });

describe('an installation’s name', () => {
  it.each([
    ['fairlead-deployer', 'fairlead'],
    ['my-deployer-deployer', 'my-deployer'],
    ['fairlead-deployer-private-eu', 'fairlead'],
    ['fairlead-cluster-access', 'fairlead'],
    ['something-else', 'something-else'],
  ])('is in its role %s', (role, name) => {
    expect(installationOf(`arn:aws:iam::123456789012:role/${role}`)).toBe(name);
  });
});

describe('an access entry', () => {
  it.each<[string, AccessEntry | undefined, string, string]>([
    ['that is not there', undefined, 'create', 'nothing'],
    ['of ours', but({}), 'nothing', 'delete'],
    ['of ours with another group', but({ groups: ['a'] }), 'update', 'refuse'],
    ['of ours with another name', but({ username: 'a' }), 'update', 'refuse'],
    ['of ours for nodes', but({ type: 'EC2_LINUX' }), 'refuse', 'refuse'],
    ['of somebody else that is right', but({ tags: {}, username: 'a' }), 'nothing', 'refuse'],
    [
      'of somebody else with more groups',
      but({ tags: {}, groups: [...WANTED.groups, 'system:masters'] }),
      'refuse',
      'refuse',
    ],
    ['of another installation', but({ tags: { [INSTALLATION_TAG]: 'b' }, groups: [] }), 'refuse', 'refuse'],
  ])('%s', (_what, found, connect, disconnect) => {
    expect([judgeEntry(found, WANTED).do, judgeEntryGone(found, WANTED).do]).toEqual([connect, disconnect]);
  });
});
