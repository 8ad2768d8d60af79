import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callerOf, nameOf } from '../../../domain/callers/principal.ts';
import { claimsOf } from '../../support/claims.ts';

const ours = { rolePrefix: 'fairlead-', account: '123456789012' };
const session = (role: string) => `arn:aws:sts::123456789012:assumed-role/${role}/gh-42`;

describe('who is calling', () => {
  it.each([
    ['fairlead-operator', 'operator'],
    ['fairlead-reader', 'reader'],
    ['fairlead-source-shop', 'source'],
    ['fairlead-approver-sre', 'approver'],
    ['fairlead-source-approver-sre', 'source'],
    ['fairlead-approver-', 'stranger'],
    ['fairlead-approver', 'stranger'],
    ['fairlead-source-operator', 'source'],
    ['fairlead-deployer', 'stranger'],
    ['fairlead-source-', 'stranger'],
    ['fairlead-operators', 'stranger'],
    ['other-fairlead-operator', 'stranger'],
    ['FAIRLEAD-OPERATOR', 'stranger'],
  ])('%s is %s', (role, is) => {
    expect(callerOf(session(role), ours).is).toBe(is);
  });

  it('is a source by its own name, and is named by role and session', () => {
    const caller = callerOf(session('fairlead-source-shop'), ours);
    expect(caller).toEqual({
      is: 'source',
      source: 'shop',
      principal: { role: 'fairlead-source-shop', session: 'gh-42', account: '123456789012' },
    });
    expect(caller.is === 'source' && nameOf(caller.principal)).toBe('fairlead-source-shop/gh-42');
  });

  it('of the role that workflows share is nobody in particular', () => {
    expect(callerOf(session('fairlead-workflows'), ours)).toMatchObject({ is: 'workflow' });
    expect(callerOf(session('fairlead-workflows-2'), ours)).toMatchObject({ is: 'stranger' });
  });

  it('is named by what its token proves, not by the name it gave its session', () => {
    const principal = { role: 'fairlead-workflows', session: 'acme-billing', account: '123456789012' };
    expect(nameOf({ ...principal, claims: claimsOf() })).toBe('fairlead-workflows/octocat@acme/webui/77');
  });

  it('is read in other partitions too', () => {
    const arn = 'arn:aws-us-gov:sts::123456789012:assumed-role/fairlead-reader/bob';
    expect(callerOf(arn, ours).is).toBe('reader');
  });

  it('is a stranger, with a reason, whatever else is said', () => {
    void fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constant(null), fc.constant(undefined), fc.string().map(session)), (arn) => {
        const caller = callerOf(arn, ours);
        return caller.is !== 'stranger' || caller.because.length > 0;
      }),
    );
    expect(callerOf(undefined, ours)).toEqual({ is: 'stranger', because: 'nobody is not a session of a role' });
  });
});
