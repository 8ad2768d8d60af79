/** Operators, readers and whoever breaks the glass. */
import { ACCOUNT, REGION } from '../../support/policies.ts';
import { type Attempt, allowed, type Row, refused } from './row.ts';

const iam = (path: string) => `arn:aws:iam::${ACCOUNT}:${path}`;
const parameter = (name: string) => `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/${name}`;
const execution = `arn:aws:states:${REGION}:${ACCOUNT}:execution:<RolloutsRolloutMachine>:01J`;

export const PEOPLE_SETTINGS = {
  operators: [iam('role/platform')],
  readers: [iam('role/developers')],
  approvers: [{ name: 'sre', who: [iam('role/sre')] }],
  breakGlass: { who: [iam('user/ada'), iam('role/on-call')] },
};

const session = (role: string) => ({ principal: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/ada` });
const user = (name: string, context: Readonly<Record<string, string>> = {}) => ({
  asking: {
    principal: iam(`user/${name}`),
    context: { 'aws:username': name, 'sts:RoleSessionName': name, ...context },
  },
});
const FACTOR = { 'aws:MultiFactorAuthPresent': 'true' };

const BECOMING: readonly Row[] = [
  allowed('operator', 'a session of a role that fairlead.yaml names', 'statement of sts:AssumeRole', {
    asking: session('platform'),
  }),
  refused('operator', 'a session of a role for readers', 'statement of sts:AssumeRole: principal', {
    asking: session('developers'),
  }),
  refused('operator', 'a session of the source webui', 'statement of sts:AssumeRole: principal', {
    asking: session('fairlead-source-webui'),
  }),
  allowed('approver-sre', 'a session of a role that fairlead.yaml names', 'statement of sts:AssumeRole', {
    asking: session('sre'),
  }),
  refused('approver-sre', 'an operator, who has a say of their own', 'statement of sts:AssumeRole: principal', {
    asking: session('fairlead-operator'),
  }),
  refused('approver-sre', 'a session of the source webui', 'statement of sts:AssumeRole: principal', {
    asking: session('fairlead-source-webui'),
  }),
  refused('reader', 'a session of a role that nobody named', 'statement of sts:AssumeRole: principal', {
    asking: session('guests'),
  }),
  allowed(
    'break-glass',
    'a user with a second factor, under their own name',
    'UsersWithSecondFactor',
    user('ada', FACTOR),
  ),
  refused(
    'break-glass',
    'a user without a second factor',
    'UsersWithSecondFactor: aws:MultiFactorAuthPresent; RolesWithSourceIdentity: principal',
    user('ada'),
  ),
  refused(
    'break-glass',
    'a user under the name of another',
    'UsersWithSecondFactor: sts:RoleSessionName; RolesWithSourceIdentity: principal',
    user('ada', { ...FACTOR, 'sts:RoleSessionName': 'grace' }),
  ),
  refused(
    'break-glass',
    'a user whom nobody named',
    'UsersWithSecondFactor: principal; RolesWithSourceIdentity: principal',
    user('mallory', FACTOR),
  ),
  allowed('break-glass', 'a session of a role that says who it is', 'RolesWithSourceIdentity', {
    asking: { ...session('on-call'), context: { 'sts:SourceIdentity': 'ada' } },
  }),
  refused(
    'break-glass',
    'a session of a role that does not',
    'UsersWithSecondFactor: principal; RolesWithSourceIdentity: sts:SourceIdentity',
    { asking: session('on-call') },
  ),
  refused(
    'break-glass',
    'an operator, who is not named for emergencies',
    'UsersWithSecondFactor: principal; RolesWithSourceIdentity: principal',
    { asking: { ...session('platform'), context: { 'sts:SourceIdentity': 'ada' } } },
  ),
];

const KEEPERS_CALLS = [
  'PUT /packages/webui',
  'DELETE /environments/prod',
  'POST /packages/webui/rollouts',
  'POST /packages/webui/rollouts/latest/abort',
  'GET /audit',
];

const APPROVE = 'PUT /packages/webui/rollouts/latest/stages/prod/approval';
const REPORT = 'PUT /packages/webui/rollouts/latest/statuses/load-test';

const CALLING: readonly Row[] = [
  ...['operator', 'approver-sre', 'break-glass'].map((role) => allowed(role, APPROVE, 'Calls', { call: APPROVE })),
  refused('reader', APPROVE, 'no statement', { call: APPROVE }),
  refused('approver-sre', REPORT, 'no statement', { call: REPORT }),
  ...KEEPERS_CALLS.slice(0, 4).map((call) => refused('approver-sre', call, 'no statement', { call })),
  ...['operator', 'break-glass'].flatMap((role) => [
    ...KEEPERS_CALLS.map((call) => allowed(role, call, 'Calls', { call })),
    refused(role, 'POST /packages (no such route)', 'no statement', { call: 'POST /packages' }),
  ]),
  ...['GET /packages', 'GET /environments/prod/packages', 'GET /packages/webui/rollouts/latest', 'GET /audit'].map(
    (call) => allowed('reader', call, 'Calls', { call }),
  ),
  ...KEEPERS_CALLS.slice(0, 4).map((call) => refused('reader', call, 'no statement', { call })),
];

const does = (action: string, resource: string) => ({ action, resource });
const STOP = does('states:StopExecution', execution);
const EDIT = does('ssm:PutParameter', parameter('webui-service-helm-values'));
const SECRET = does('ssm:GetParameter', parameter('webui-service-helm-secrets'));
/** The policy of the key that AWS manages would let everybody who may read the parameter: only a denial keeps them from it. */
const DECRYPT: Attempt = {
  action: 'kms:Decrypt',
  resource: `arn:aws:kms:${REGION}:${ACCOUNT}:key/aws-managed`,
  session: { context: { 'kms:ViaService': `ssm.${REGION}.amazonaws.com` } },
};
const TABLE = does('dynamodb:PutItem', `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/<StorageRolloutsTable>`);
const BECOME = does('sts:AssumeRole', iam('role/fairlead-deployer'));

const DOING: readonly Row[] = [
  allowed('operator', 'stopping an execution', 'statement of states:StopExecution', STOP),
  allowed('operator', 'editing values', 'statement of ssm:PutParameter', EDIT),
  allowed('operator', 'seeing the ciphertext of secrets', 'statement of ssm:GetParameter', SECRET),
  // Names of secrets may look like those of layers, which readers may read: `dev-environment-secret.x-service-helm-values`.
  ...['operator', 'reader', 'approver-sre'].map((role) =>
    refused(role, 'reading secrets that are called like layers', 'denied by NeverDecrypts', DECRYPT),
  ),
  refused('operator', 'writing into the table past the API', 'no statement', TABLE),
  refused('operator', 'becoming the deployer', 'no statement', BECOME),
  refused(
    'operator',
    'opening a source',
    'no statement',
    does('iam:UpdateAssumeRolePolicy', iam('role/fairlead-source-webui')),
  ),
  ...['reader', 'approver-sre', 'break-glass', 'source-webui', 'workflows'].flatMap((role) => [
    refused(role, 'stopping an execution', 'no statement', STOP),
    refused(role, 'editing values', 'no statement', EDIT),
    refused(role, 'reading secrets', 'no statement', SECRET),
    refused(role, 'becoming the deployer', 'no statement', BECOME),
  ]),
];

export const PEOPLE: readonly Row[] = [...BECOMING, ...CALLING, ...DOING];
