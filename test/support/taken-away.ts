/** One lock of the way closed for a while: whatever comes of it, it is open again afterwards. */
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { eksToken } from '../../adapters/aws/eks-token.ts';
import type { MapRole } from '../../domain/aws-auth/map-role.ts';
import { localClient } from '../../local/aws/local-clients.ts';
import { openSession } from '../../local/aws/session.ts';
import { awsAuthConfigMap } from '../../local/cluster/aws-auth.ts';
import { waitUntil } from '../../local/process/wait-until.ts';
import type { RunningStack } from '../../local/stack/stack-state.ts';
import { whoIs } from './cluster-calls.ts';
import type { E2eWorld } from './e2e-world.ts';

/** What is true only while `story` is told. */
export type Meanwhile = (story: () => Promise<void>) => Promise<void>;

/** The role trusts a service that never calls, and nobody else. */
export const withoutTrust =
  (stack: RunningStack, RoleName: string): Meanwhile =>
  async (story) => {
    const iam = new IAMClient(localClient(stack.endpoint));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    const trust = (PolicyDocument: string) => iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
    const nobody = { Effect: 'Allow', Principal: { Service: 'backup.amazonaws.com' }, Action: 'sts:AssumeRole' };
    await trust(JSON.stringify({ Version: '2012-10-17', Statement: [nobody] }));
    try {
      await story();
    } finally {
      await trust(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''));
      iam.destroy();
    }
  };

/** The role has no rights of its own. */
export const withoutRights =
  (stack: RunningStack, RoleName: string): Meanwhile =>
  async (story) => {
    const iam = new IAMClient(localClient(stack.endpoint));
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    const policies = await Promise.all(
      PolicyNames.map((PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))),
    );
    for (const { PolicyName } of policies) await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    try {
      await story();
    } finally {
      for (const { PolicyName, PolicyDocument = '' } of policies) {
        const given = { RoleName, PolicyName, PolicyDocument: decodeURIComponent(PolicyDocument) };
        await iam.send(new PutRolePolicyCommand(given));
      }
      iam.destroy();
    }
  };

/**
 * `aws-auth` of the first cluster maps nobody. API servers keep the answer about a token for a moment, so a second role is mapped first and asked about
 * until it is not taken any more: what was kept of the deployer's token is older.
 */
export const withoutAwsAuth =
  (world: E2eWorld): Meanwhile =>
  async (story) => {
    const { stack } = world;
    const [cluster] = stack.clusters;
    if (cluster === undefined) throw new Error('the stack has no cluster');
    const where = ['configmap', 'aws-auth', '-n', 'kube-system'];
    const mapRoles = await world.kubectl('get', ...where, '-o', 'jsonpath={.data.mapRoles}');
    const map = (data: { mapRoles: string }) =>
      world.kubectl('patch', ...where, '--type', 'merge', '-p', JSON.stringify({ data }));
    const session = await openSession(stack.endpoint, stack.readerRoleArn, 'canary');
    const token = eksToken({
      cluster: cluster.name,
      region: stack.region,
      credentials: async () => session,
      now: () => new Date(),
    });
    const canary: MapRole = { rolearn: stack.readerRoleArn, username: 'canary', groups: [] };
    const known = async (wanted: boolean) =>
      ((await whoIs(cluster, await token())) !== 'refused') === wanted || undefined;
    const becomes = (wanted: boolean) =>
      waitUntil(() => known(wanted), { what: 'the authenticator to read aws-auth', deadlineMs: 30_000, everyMs: 100 });
    await map({ mapRoles: `${mapRoles}${awsAuthConfigMap([canary]).data.mapRoles}` });
    await becomes(true);
    await map(awsAuthConfigMap([]).data);
    try {
      await becomes(false);
      await story();
    } finally {
      // A refusal is kept for a moment too: the canary's has to be the last.
      await becomes(false);
      await map({ mapRoles: `${mapRoles}${awsAuthConfigMap([canary]).data.mapRoles}` });
      await becomes(true);
      await map({ mapRoles });
    }
  };

/** A role of the account that is none of the installation's and may call every API there is. */
export async function aStranger(stack: RunningStack, RoleName: string) {
  const iam = new IAMClient(localClient(stack.endpoint));
  const document = (Statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [Statement] });
  const Principal = { AWS: `arn:aws:iam::${stack.account}:root` };
  const AssumeRolePolicyDocument = document({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const policy = { RoleName, PolicyName: 'everything' };
  const PolicyDocument = document({ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' });
  await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument }));
  return {
    arn: Role?.Arn ?? '',
    async remove() {
      await iam.send(new DeleteRolePolicyCommand(policy));
      await iam.send(new DeleteRoleCommand({ RoleName }));
      iam.destroy();
    },
  };
}
