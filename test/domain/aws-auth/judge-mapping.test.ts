import { describe, expect, it } from 'vitest';
import { judgeConnect, judgeDisconnect } from '../../../domain/aws-auth/judge-mapping.ts';
import { deployersEntry, type FoundRole } from '../../../domain/aws-auth/map-role.ts';

const ROLE = 'arn:aws:iam::123456789012:role/fairlead-deployer';
const WANTED = deployersEntry(ROLE);
const ours: FoundRole = { line: 5, ...WANTED };
const node: FoundRole = { line: 1, rolearn: 'arn:aws:iam::123456789012:role/node', groups: ['system:nodes'] };
const admin: FoundRole = { line: 9, rolearn: 'arn:aws:iam::123456789012:role/admin', groups: ['system:masters'] };

describe('connect', () => {
  it.each<[string, readonly FoundRole[], string, RegExp]>([
    ['writes the entry where there is none', [node], 'insert', /no entry maps .*fairlead-deployer yet/],
    ['does nothing where it stands', [node, ours], 'nothing', /line 5 of mapRoles maps it already/],
    [
      'refuses a role that has other groups, and shows both',
      [{ ...ours, groups: ['team'] }],
      'refuse',
      /fairlead-deployer as .* in team; it should be .* in fairlead:deployers/,
    ],
    [
      'refuses a role that has more groups',
      [{ ...ours, groups: [...ours.groups, 'system:masters'] }],
      'refuse',
      /in fairlead:deployers, system:masters; it should be/,
    ],
    [
      'refuses a role that has another name',
      [{ ...ours, username: 'ci' }],
      'refuse',
      /as ci in fairlead:deployers; it should be/,
    ],
    [
      'refuses a role that is there twice, and shows both',
      [ours, { ...ours, line: 8, groups: [] }],
      'refuse',
      /2 times, of which only the last counts \(line 5: .*; line 8: .* in no group\)/,
    ],
    [
      'refuses a role in other letters, which the authenticator takes for the same',
      [{ ...ours, rolearn: ROLE.replace('fairlead', 'Fairlead'), groups: ['team'] }],
      'refuse',
      /line 5/,
    ],
    [
      'refuses a role that is there with a path',
      [{ ...ours, rolearn: ROLE.replace('role/', 'role/ci/') }],
      'refuse',
      /with the path ci, which no caller ever matches/,
    ],
  ])('%s', (_what, found, what, because) => {
    expect(judgeConnect(found, WANTED)).toMatchObject({ do: what, because: expect.stringMatching(because) });
  });

  it.each([
    [
      'with a path',
      'arn:aws:iam::123456789012:role/ci/eu/fairlead-deployer',
      /has the path ci\/eu, .*--role arn:aws:iam::123456789012:role\/fairlead-deployer$/,
    ],
    ['of a session', 'arn:aws:sts::123456789012:assumed-role/fairlead-deployer/me', /is no role's ARN/],
    ['of a user', 'arn:aws:iam::123456789012:user/me', /is no role's ARN/],
  ])('and disconnect refuse the ARN of a role %s', (_what, rolearn, because) => {
    for (const judge of [judgeConnect, judgeDisconnect]) {
      expect(judge([], deployersEntry(rolearn))).toEqual({ do: 'refuse', because: expect.stringMatching(because) });
    }
  });
});

describe('disconnect', () => {
  it.each<[string, readonly FoundRole[], string, RegExp]>([
    ['takes out what connect wrote', [node, ours, admin], 'remove', /line 5/],
    ['does nothing where there is no entry', [node, admin], 'nothing', /no entry maps/],
    [
      'refuses an entry that was changed by hand, and shows both',
      [{ ...ours, groups: ['team'] }, admin],
      'refuse',
      /changed by hand: it is .* in team, and was written as .* in fairlead:deployers/,
    ],
    ['refuses an entry that is there twice', [ours, { ...ours, line: 8 }], 'refuse', /2 times/],
    [
      'refuses to take the last administrator away',
      [node, { ...ours, groups: ['system:masters'] }],
      'refuse',
      /last administrator \(system:masters\)/,
    ],
    [
      'refuses a changed entry as such while there is another administrator',
      [admin, { ...ours, groups: ['system:masters'] }],
      'refuse',
      /changed by hand/,
    ],
  ])('%s', (_what, found, what, because) => {
    expect(judgeDisconnect(found, WANTED)).toMatchObject({ do: what, because: expect.stringMatching(because) });
  });

  it('names the entry to take out by its place', () => {
    expect(judgeDisconnect([node, ours, admin], WANTED)).toMatchObject({ do: 'remove', index: 1 });
  });

  it('counts the users of mapUsers among the administrators', () => {
    const masters = { ...ours, groups: ['system:masters'] };
    const user: FoundRole = { line: 1, rolearn: 'arn:aws:iam::123456789012:user/root', groups: ['system:masters'] };
    expect(judgeDisconnect([masters], WANTED, [user])).toMatchObject({ because: expect.stringContaining('by hand') });
  });
});
