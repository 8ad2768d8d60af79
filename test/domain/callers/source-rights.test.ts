import { describe, expect, it } from 'vitest';
import { mayReach, mayRollOut } from '../../../domain/callers/source-rights.ts';

const shop = { repository: 'acme/shop', packages: ['webui', 'worker'] };

describe('a source', () => {
  it('reaches the packages that the configuration gives it', () => {
    expect(mayReach('shop', shop, 'webui')).toEqual({ allowed: true });
  });

  it.each(['billing', 'web', 'webui2', '', 'Webui'])('does not reach %j', (pkg) => {
    expect(mayReach('shop', shop, pkg)).toMatchObject({
      allowed: false,
      because: expect.stringContaining('webui, worker'),
    });
  });

  it('that is not configured reaches nothing', () => {
    expect(mayReach('gone', undefined, 'webui').allowed).toBe(false);
  });
});

describe('a repository may roll a package out', () => {
  it.each([
    ['when the entry names none', [], true],
    ['when the entry names it', ['acme/other', 'acme/shop'], true],
    ['when the entry names it in another case', ['ACME/Shop'], true],
    ['not when the entry names others', ['acme/other'], false],
    ['not when the entry names one that begins so', ['acme/shop2'], false],
  ])('%s', (_when, repositories, allowed) => {
    expect(mayRollOut('acme/shop', { name: 'webui', repositories }).allowed).toBe(allowed);
  });
});
