/** Which context of a kubeconfig means a cluster of EKS. */
import { NotDone } from '../../contracts/not-done.ts';

export interface Context {
  readonly name: string;
  readonly cluster: string;
}

/** An EKS cluster. Without account and region, only its name decides. */
export interface WantedCluster {
  readonly name: string;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/**
 * The context that means the cluster. Surest first: the ARN that `aws eks update-kubeconfig` writes, which has account and region; then a
 * context called like the cluster; then a context of a cluster that is called so, or as eksctl calls it (`name.region.eksctl.io`).
 * @throws NotDone naming the contexts there are; also when several would do, since the wrong cluster is worse than none.
 */
export function findContext(contexts: readonly Context[], wanted: WantedCluster): string {
  const ways = [
    ({ name, cluster }: Context) => isArnOf(name, wanted) || isArnOf(cluster, wanted),
    ({ name }: Context) => name === wanted.name,
    ({ cluster }: Context) => cluster === wanted.name || isEksctlName(cluster, wanted),
  ];
  for (const means of ways) {
    const [found, ...others] = distinct(contexts.filter(means));
    if (found !== undefined && others.length === 0) return found;
    if (found !== undefined) {
      const all = [found, ...others].join(', ');
      throw new NotDone(`several contexts of your kubeconfig may mean cluster '${wanted.name}' (${all}): keep one`);
    }
  }
  const there = distinct(contexts).join(', ') || 'none';
  const region = wanted.region === undefined ? '' : ` --region ${wanted.region}`;
  throw new NotDone(
    `your kubeconfig has no context for cluster '${wanted.name}' (it has: ${there}): run 'aws eks update-kubeconfig --name ${wanted.name}${region}'`,
  );
}

/** Of several contexts for one cluster the first is as good as any. */
function distinct(contexts: readonly Context[]): string[] {
  return contexts.filter(({ cluster }, i) => contexts.findIndex((c) => c.cluster === cluster) === i).map((c) => c.name);
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html */
function isArnOf(text: string, { name, account, region }: WantedCluster): boolean {
  const [, inRegion, inAccount, called] = /^arn:[\w-]+:eks:([a-z0-9-]+):(\d{12}):cluster\/(.+)$/.exec(text) ?? [];
  return called === name && inAccount === (account ?? inAccount) && inRegion === (region ?? inRegion);
}

function isEksctlName(cluster: string, { name, region }: WantedCluster): boolean {
  const [, called, inRegion] = /^(.+)\.([a-z0-9-]+)\.eksctl\.io$/.exec(cluster) ?? [];
  return called === name && inRegion === (region ?? inRegion);
}
