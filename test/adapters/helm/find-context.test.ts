import { describe, expect, it } from 'vitest';
import { type Context, findContext, type WantedCluster } from '../../../adapters/helm/find-context.ts';
import { NotDone } from '../../../contracts/not-done.ts';

const arn = (name: string, { region = 'eu-north-1', account = '123456789012', partition = 'aws' } = {}) =>
  `arn:${partition}:eks:${region}:${account}:cluster/${name}`;
const named = (name: string, cluster = name): Context => ({ name, cluster });
const MAIN: WantedCluster = { name: 'main', account: '123456789012', region: 'eu-north-1' };
const ELSEWHERE = { region: 'us-east-1', account: '210987654321' };

describe('the context of a cluster', () => {
  it.each<[string, readonly Context[], string]>([
    ['is called like its ARN', [named(arn('main'))], arn('main')],
    ['is called otherwise but for its ARN', [named('work', arn('main'))], 'work'],
    ['is called like the cluster', [named('main', 'kubernetes')], 'main'],
    ['is for a cluster that is called so', [named('admin@main', 'main')], 'admin@main'],
    ['is one of eksctl', [named('ada@main', 'main.eu-north-1.eksctl.io')], 'ada@main'],
    ['is in another partition', [named('cn', arn('main', { partition: 'aws-cn' }))], 'cn'],
    ['is rather an ARN than a name', [named('main', 'kind'), named('work', arn('main'))], 'work'],
    ['is rather a name than a cluster', [named('other', 'main'), named('main', 'x')], 'main'],
    ['is the first of two for one cluster', [named('a', arn('main')), named('b', arn('main'))], 'a'],
    ['is not the one in another account', [named('far', arn('main', ELSEWHERE)), named('near', arn('main'))], 'near'],
  ])('%s', (_what, contexts, found) => {
    expect(findContext(contexts, MAIN)).toBe(found);
  });

  it.each<[string, readonly Context[]]>([
    ['nothing', []],
    ['another cluster', [named('other')]],
    ['a name that only ends alike', [named(arn('domain'))]],
    ['the same name in another account', [named(arn('main', ELSEWHERE))]],
    ['the same name in another region', [named('x', arn('main', { region: 'us-east-1' }))]],
    ['eksctl’s name in another region', [named('x', 'main.us-east-1.eksctl.io')]],
  ])('is not found in %s', (_what, contexts) => {
    expect(() => findContext(contexts, MAIN)).toThrow(NotDone);
    expect(() => findContext(contexts, MAIN)).toThrow(
      "run 'aws eks update-kubeconfig --name main --region eu-north-1'",
    );
  });

  it('is refused when several may be meant', () => {
    const contexts = [named('near', arn('main')), named('far', arn('main', ELSEWHERE))];
    expect(() => findContext(contexts, { name: 'main' })).toThrow(/may mean cluster 'main' \(near, far\)/);
  });

  it('that is missing is told with those there are', () => {
    expect(() => findContext([named('a'), named('b')], MAIN)).toThrow(/\(it has: a, b\)/);
  });
});
