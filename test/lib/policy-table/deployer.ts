/** The role that clusters know: what it may not do with that. */
import { ACCOUNT, REGION } from '../../support/policies.ts';
import { allowed, type Row, refused } from './row.ts';

const cluster = `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/prod`;
const iam = (path: string) => `arn:aws:iam::${ACCOUNT}:${path}`;

const may = (says: string, action: string, resource: string) => ({ says, attempt: { action, resource } });

const MUST_NOT = [
  may('letting somebody into a cluster', 'eks:CreateAccessEntry', cluster),
  may('changing how a cluster lets in', 'eks:UpdateClusterConfig', cluster),
  may('becoming an operator', 'sts:AssumeRole', iam('role/fairlead-operator')),
  may('opening a source', 'iam:UpdateAssumeRolePolicy', iam('role/fairlead-source-webui')),
  may('giving itself rights', 'iam:PutRolePolicy', iam('role/fairlead-deployer')),
  may(
    'starting an execution',
    'states:StartExecution',
    `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:<RolloutsRolloutMachine>`,
  ),
  may('editing values', 'ssm:PutParameter', `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/webui-service-helm-values`),
  may('pushing a chart', 'ecr:PutImage', `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/charts/webui`),
  may('deleting a table', 'dynamodb:DeleteTable', `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/<StorageRolloutsTable>`),
];

const NOT_WHO = 'statement of sts:AssumeRole: principal';

export const DEPLOYER: readonly Row[] = [
  // One statement lets Lambda in, one CodeBuild.
  refused('deployer', 'a user of the account becoming it', `${NOT_WHO}; ${NOT_WHO}`, {
    asking: { principal: iam('user/ada') },
  }),
  allowed('deployer', 'asking where a cluster is', 'statement of eks:DescribeCluster', {
    action: 'eks:DescribeCluster',
    resource: cluster,
  }),
  ...MUST_NOT.map(({ says, attempt }) => refused('deployer', says, 'no statement', attempt)),
  refused('deployer', 'calling the API: POST /packages/webui/rollouts', 'no statement', {
    call: 'POST /packages/webui/rollouts',
  }),
];
