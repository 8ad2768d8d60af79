/** Who may read what is secret: sessions for one package, and nobody beside them. */
import { sessionPolicy } from '../../../adapters/aws/session-policy.ts';
import { ACCOUNT, REGION } from '../../support/policies.ts';
import { type Attempt, allowed, type Row, refused } from './row.ts';

const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const SHARED = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:shared/db`;

export const SECRET_SETTINGS = {
  secrets: { kmsKeys: [KEY], references: ['ssm:/shared/*', `secretsmanager:${SHARED}`] },
};

const parameter = (name: string) => `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/${name}`;
const get = (name: string) => ({ action: 'ssm:GetParameter', resource: parameter(name) });
const decrypt = (resource: string, context: Readonly<Record<string, string>> = {}) => ({
  action: 'kms:Decrypt',
  resource,
  context: { 'kms:ViaService': `ssm.${REGION}.amazonaws.com`, ...context },
});

const policy = sessionPolicy(
  { account: ACCOUNT, region: REGION, prefix: '' },
  { package: 'webui', allowed: ['ssm:/shared/smtp', `secretsmanager:${SHARED}`, 'ssm:/unlisted/key'] },
);

/** In a session that was opened for package webui. */
function forWebui({
  action,
  resource,
  context,
}: {
  action: string;
  resource: string;
  context?: Record<string, string>;
}): Attempt {
  return { action, resource, session: { policy, ...(context !== undefined && { context }) } };
}

const SECRETS = 'webui-service-helm-secrets';
const asDeployer = (name: string): Attempt => ({
  asking: { principal: `arn:aws:iam::${ACCOUNT}:role/${name}` },
});

export const SECRET_ROWS: readonly Row[] = [
  refused('deployer', 'reading secrets itself', 'no statement', get(SECRETS)),
  refused('deployer', 'decrypting itself', 'no statement', decrypt(KEY)),
  allowed('deployer', 'opening a session that reads secrets', 'statement of sts:AssumeRole', {
    action: 'sts:AssumeRole',
    resource: `arn:aws:iam::${ACCOUNT}:role/fairlead-secrets`,
  }),
  refused(
    'secrets',
    'an operator becoming it',
    'statement of sts:AssumeRole: principal',
    asDeployer('fairlead-operator'),
  ),
  ...[
    SECRETS,
    `${SECRETS}.label.ring.prod`,
    `${SECRETS}.environment.prod`,
    'prod-environment-secret.db.password',
    'shared/smtp',
  ].map((name) =>
    allowed('secrets', `for webui: reading ${name}`, 'statement of ssm:GetParameter', forWebui(get(name))),
  ),
  ...[
    'api-service-helm-secrets',
    'webui-admin-service-helm-secrets',
    `${SECRETS}-x-service-helm-secrets`,
    'shared/other',
    'unlisted/key',
  ].map((name) => refused('secrets', `for webui: reading ${name}`, 'no statement', forWebui(get(name)))),
  allowed(
    'secrets',
    'for webui: a secret that its entry and fairlead.yaml name',
    'statement of secretsmanager:GetSecretValue',
    forWebui({ action: 'secretsmanager:GetSecretValue', resource: `${SHARED}-AbCd12` }),
  ),
  refused(
    'secrets',
    'for webui: another secret',
    'no statement',
    forWebui({ action: 'secretsmanager:GetSecretValue', resource: `${SHARED}-replica-AbCd12` }),
  ),
  allowed('secrets', 'for webui: decrypting by a listed key', 'statement of kms:Decrypt', forWebui(decrypt(KEY))),
  refused(
    'secrets',
    'for webui: decrypting by a listed key, past Parameter Store',
    'statement of kms:Decrypt: kms:ResourceAliases, kms:ViaService; statement of kms:Decrypt: kms:ViaService',
    forWebui(decrypt(KEY, { 'kms:ViaService': `s3.${REGION}.amazonaws.com` })),
  ),
  refused(
    'secrets',
    'for webui: writing its secrets',
    'no statement',
    forWebui({ action: 'ssm:PutParameter', resource: parameter(SECRETS) }),
  ),
];
