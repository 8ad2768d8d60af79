import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accessGrants } from '../../../adapters/helm/access-grants.ts';
import { type PretendProgram, pretendProgram } from '../../support/pretend-program.ts';

let helm: PretendProgram;
beforeEach(async () => {
  helm = await pretendProgram(
    'helm',
    'if (process.env.FAIL) { console.error(process.env.FAIL); process.exit(1); } console.log(process.env.SAY);',
  );
});
afterEach(() => helm.gone());
const grants = (env: Record<string, string>) =>
  accessGrants({ helm: helm.command, env, kubeconfig: '/k', context: 'main' });
const release = (namespace: string, chart = 'cluster-access-1.0.0', name = 'fairlead-access') => ({
  name,
  namespace,
  chart,
});

describe('the grants of a cluster', () => {
  it('are the releases of our chart, and of no other', async () => {
    const SAY = JSON.stringify([
      release('web'),
      release('api', 'cluster-access-2.0.0'),
      release('x', 'other-1.0.0'),
      release('y', 'cluster-access-1.0.0', 'fairlead-access-2'),
    ]);
    expect(await grants({ SAY }).list()).toEqual(['api', 'web']);
    const [args = []] = await helm.calls();
    expect(args.join(' ')).toMatch(/^list --all-namespaces --filter \^fairlead-access\$ .*--kube-context main$/);
  });

  it('go one by one; the namespace stays', async () => {
    await grants({ SAY: '' }).revoke('web');
    const [args = []] = await helm.calls();
    expect(args.join(' ')).toMatch(
      /^uninstall fairlead-access --namespace web --ignore-not-found .*--kube-context main$/,
    );
  });

  it('that cannot be listed are told in helm’s words', async () => {
    await expect(grants({ FAIL: 'Error: Kubernetes cluster unreachable' }).list()).rejects.toThrow(
      /^helm list: Kubernetes cluster unreachable$/,
    );
  });
});
