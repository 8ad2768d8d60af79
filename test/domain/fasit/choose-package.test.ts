import { describe, expect, it } from 'vitest';
import { choosePackage } from '../../../domain/fasit/choose-package.ts';
import { claimsOf } from '../../support/claims.ts';
import { aPackage } from '../../support/items.ts';

const OLD = 'oci://europe-north1-docker.pkg.dev/nais-io/nais/feature/webui';
const own = (name: string, chart: string) => aPackage({ name, chart });
const foreign = (name: string, chart: string) => aPackage({ name, chart, repositories: ['acme/other'] });
const claimed = (name: string, repositoryId: string) =>
  aPackage({
    name,
    chart: OLD,
    repositories: [],
    claimedBy: { repository: 'acme/webui', repositoryId, ref: 'r', sha: 's' },
  });

describe('a chart means', () => {
  it.each([
    [
      'the package whose chart stands there',
      [own('webui', OLD), own('worker', 'oci://c.example/worker')],
      OLD,
      'webui',
    ],
    [
      'the package whose chart moved, and has the same last part',
      [own('webui', 'oci://ours.example/charts/webui')],
      OLD,
      'webui',
    ],
    [
      'the very place before any that only ends so',
      [own('moved', 'oci://ours.example/webui'), own('webui', OLD)],
      OLD,
      'webui',
    ],
    ["the repository's own of several with that place", [foreign('theirs', OLD), own('webui', OLD)], OLD, 'webui'],
    ['the package that the repository has claimed', [claimed('webui', '34')], OLD, 'webui'],
  ])('%s', (_what, packages, chart, name) => {
    expect(choosePackage(packages, chart, claimsOf())).toMatchObject({ found: 'package', pkg: { name } });
  });

  it.each([
    [
      'nothing when nobody has it',
      [own('worker', 'oci://c.example/worker')],
      'nothing',
      'fairlead package put webui --chart',
    ],
    [
      'nothing when a chart only ends with its letters',
      [own('x', 'oci://c.example/my-webui')],
      'nothing',
      'no package has the chart',
    ],
    ['nothing when there is no package', [], 'nothing', OLD],
    [
      "another's when its entry does not list the repository",
      [foreign('webui', OLD)],
      'foreign',
      'acme/webui is not among',
    ],
    [
      "another's even when an own package has a chart of that last part",
      [foreign('theirs', OLD), own('webui', 'oci://ours.example/webui')],
      'foreign',
      'theirs',
    ],
    [
      "another's when a repository of the name claimed it before",
      [claimed('webui', '99')],
      'foreign',
      'is claimed by acme/webui',
    ],
    [
      'too much when several are the repository’s own',
      [own('blue', OLD), own('green', OLD)],
      'several',
      'the packages blue, green all have',
    ],
  ])('%s', (_what, packages, found, because) => {
    expect(choosePackage(packages, OLD, claimsOf())).toEqual({ found, because: expect.stringContaining(because) });
  });
});
