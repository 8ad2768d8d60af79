import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { grantAccess } from '../../../adapters/helm/grant-access.ts';
import { type PretendProgram, pretendProgram } from '../../support/pretend-program.ts';

let helm: PretendProgram;
beforeEach(async () => {
  const told = "console.log(JSON.stringify({ version: Number(process.env.REVISION), kubeconfig: '' }))";
  helm = await pretendProgram('helm', told);
});
afterEach(() => helm.gone());

const KUBECONFIG = `contexts: [{ name: admin@main, context: { cluster: main, user: admin } }]`;

async function granting(files: Readonly<Record<string, string>>, revision = '1') {
  const paths = Object.keys(files).map((name) => join(helm.folder, name));
  await Promise.all(Object.values(files).map((text, i) => writeFile(paths[i] ?? '', text)));
  const kubeconfig = [join(helm.folder, 'missing'), ...paths].join(delimiter);
  const env = { REVISION: revision };
  return grantAccess({ helm: helm.command, env, kubeconfig, chart: '/charts/cluster-access' });
}

describe('a grant', () => {
  it.each([
    ['1', 'installed'],
    ['2', 'upgraded'],
  ])('of helm revision %s is told as %s', async (revision, chart) => {
    const grant = await granting({ a: KUBECONFIG }, revision);
    expect(await grant({ cluster: 'main', namespace: 'web-dev' })).toEqual({ chart });
  });

  it('makes the namespace and installs the access chart, in the context of that cluster', async () => {
    await (await granting({ a: 'contexts: []', b: KUBECONFIG }))({ cluster: 'main', namespace: 'web-dev' });
    const [args = []] = await helm.calls();
    expect(args.slice(0, 3)).toEqual(['upgrade', 'fairlead-access', '/charts/cluster-access']);
    expect(args.join(' ')).toMatch(/--install --create-namespace --namespace web-dev --kube-context admin@main/);
  });

  it('hands the chosen values on as they are', async () => {
    const values = { teams: ['web-team'], teamsOnly: true };
    await (await granting({ a: KUBECONFIG }))({ cluster: 'main', namespace: 'web', values });
    const [args = []] = await helm.calls();
    expect(args[args.indexOf('--set-json') + 1]).toBe('{"teams":["web-team"],"teamsOnly":true}');
  });

  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['no kubeconfig', {}, /no context for cluster 'main' \(it has: none\)/],
    ['an empty one', { a: '' }, /no context for cluster 'main'/],
    ['one without contexts', { a: 'contexts: null' }, /no context for cluster 'main'/],
    ['one that is not YAML', { a: 'contexts: [' }, /a is no kubeconfig/],
    ['one of another shape', { a: 'contexts: 7' }, /a is no kubeconfig/],
  ])('with %s does nothing and says so', async (_what, files, words) => {
    await expect((await granting(files))({ cluster: 'main', namespace: 'web' })).rejects.toThrow(words);
    expect(await helm.calls()).toEqual([]);
  });
});
