/** The synthesised policies of roles, judged by a policy engine as AWS would, with the statement or condition that decided. */
import { runSimulation, type Simulation, type StatementExplain } from '@cloud-copilot/iam-simulate';
import type { Config } from '../../contracts/config.ts';
import { GITHUB } from '../../lib/constructs/github-trust.ts';
import type { OidcClaims } from '../../local/github/oidc-claims.ts';
import { ofType, type Resource, type Synthesised, synthesise } from './synth.ts';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-north-1';

export interface Ruling {
  readonly allowed: boolean;
  /** `Refs` (the statement that allowed), or why none did: `Refs: sub` (its condition on `sub` failed), `no statement`. */
  readonly by: string;
}

/** Somebody who asks for a session of a role; not a workflow. */
export interface Asking {
  readonly principal: string;
  readonly action?: string;
  readonly context?: Readonly<Record<string, string>>;
}

/** What a session brings along. */
export interface SessionOf {
  /** Its own policy, as JSON: it may do no more. */
  readonly policy?: string;
  readonly context?: Readonly<Record<string, string>>;
}

export interface Policies {
  /** Would STS give a job with this token a session of the role? */
  readonly assumes: (role: string, token: OidcClaims) => Promise<Ruling>;
  /** Would STS give somebody else one? */
  readonly lends: (role: string, asking: Asking) => Promise<Ruling>;
  /** Would API Gateway let a session of the role make this call? `path` as it stands in the request, `%` sequences included. */
  readonly calls: (role: string, method: string, path: string) => Promise<Ruling>;
  /** May a session of the role do this to AWS? `<RolloutsTable>` in the ARN stands for the name of what the stack calls so. */
  readonly does: (role: string, action: string, resource: string, session?: SessionOf) => Promise<Ruling>;
  /** Every condition key that a trust policy of the stack asks for, with the action it is asked in. */
  readonly trustKeys: () => readonly (readonly [action: string, key: string])[];
}

/** The policies of a whole stack. Roles are called by their names. */
export function policiesOf(config: Config): Policies {
  const built = synthesise(config);
  const apiId = Object.entries(built.resources).find(([, { Type }]) => Type === 'AWS::ApiGateway::RestApi')?.[0];
  const trustOf = (name: string) => literal(built, roleOf(built, name)[1].Properties.AssumeRolePolicyDocument);
  const does: Policies['does'] = async (name, action, resource, { policy, context = {} } = {}) =>
    judge({
      request: {
        principal: sessionOf(name),
        action,
        resource: of(filled(built, resource)),
        contextVariables: { ...context },
      },
      identityPolicies: rightsOfRole(built, name),
      ...(policy !== undefined && { sessionPolicy: JSON.parse(policy) }),
      ...(action.startsWith('kms:') && { keyPolicy: LEFT_TO_IAM }),
    });
  return {
    does,
    lends: async (name, asking) => trusts(trustOf(name), asking),
    assumes: async (name, token) => trustsJob(trustOf(name), token),
    calls: async (name, method, path) =>
      does(name, 'execute-api:Invoke', `arn:aws:execute-api:${REGION}:${ACCOUNT}:${apiId}/v1/${method}${path}`),
    trustKeys: () =>
      ofType(built, 'AWS::IAM::Role').flatMap(({ Properties }) =>
        Properties.AssumeRolePolicyDocument.Statement.flatMap((statement: TrustStatement) =>
          [statement.Action]
            .flat()
            .flatMap((action) =>
              Object.values(statement.Condition ?? {}).flatMap((keys) => Object.keys(keys).map((key) => [action, key])),
            ),
        ),
      ),
  };
}

/** GitHub's provider in the account. */
export const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/${GITHUB}`;

/** Would STS give a job with this token a session of a role with this trust policy? */
export async function trustsJob(document: unknown, token: OidcClaims): Promise<Ruling> {
  const claims = Object.entries(token).map(([claim, value]) => [asEngineKnows(`${GITHUB}:${claim}`), value]);
  const action = 'sts:AssumeRoleWithWebIdentity';
  return trusts(document, { principal: PROVIDER, action, context: Object.fromEntries(claims) });
}

async function trusts(document: unknown, { principal, action = 'sts:AssumeRole', context = {} }: Asking) {
  return judge({
    request: { principal, action, resource: of(roleArn('any')), contextVariables: { ...context } },
    identityPolicies: [],
    resourcePolicy: JSON.parse(asEngineKnows(JSON.stringify(document))),
  });
}

interface TrustStatement {
  readonly Action: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const sessionOf = (name: string) => `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/somebody`;
const of = (resource: string) => ({ resource, accountId: ACCOUNT });

function roleOf({ resources }: Synthesised, name: string): readonly [id: string, role: Resource] {
  const found = Object.entries(resources).find(([, { Properties }]) => Properties?.RoleName === name);
  if (found === undefined) throw new Error(`the stack has no role ${name}`);
  return found;
}

function rightsOfRole(built: Synthesised, name: string) {
  const [id] = roleOf(built, name);
  return ofType(built, 'AWS::IAM::Policy')
    .filter(({ Properties }) => Properties.Roles.some((role: { Ref: string }) => role.Ref === id))
    .map(({ Properties }) => ({
      name: String(Properties.PolicyName),
      policy: literal(built, Properties.PolicyDocument),
    }));
}

/** A key's own policy has to leave it to the account's (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html). */
const LEFT_TO_IAM = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }],
};

type Judged = Pick<Simulation, 'request' | 'identityPolicies' | 'resourcePolicy' | 'sessionPolicy'>;

async function judge({ keyPolicy, ...asked }: Judged & { readonly keyPolicy?: object }): Promise<Ruling> {
  const policies = {
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...(keyPolicy && { resourcePolicy: keyPolicy }),
  };
  const answer = await runSimulation({ ...asked, ...policies }, {});
  if (answer.resultType !== 'single') throw new Error(`nothing was judged: ${JSON.stringify(answer).slice(0, 500)}`);
  const { resourceAnalysis, identityAnalysis } = answer.result.analysis;
  const analysis = asked.resourcePolicy === undefined ? identityAnalysis : resourceAnalysis;
  const allowed = answer.overallResult === 'Allowed';
  const denied = analysis?.denyStatements.map(({ explain }) => named(explain)).join(', ');
  if (denied) return { allowed, by: `denied by ${denied}` };
  const by = allowed
    ? analysis?.allowStatements.map(({ explain }) => named(explain)).join(', ')
    : analysis?.unmatchedStatements
        .map(({ explain }) => missed(explain))
        .filter((text) => text !== '')
        .join('; ');
  return { allowed, by: by || 'no statement' };
}

/** The statement's name, or the action that it is for. */
function named({ identifier, actions }: StatementExplain): string {
  const action = [actions ?? []].flat().find(({ matches }) => matches)?.action;
  return /^\d+$/.test(identifier) ? `statement of ${action}` : identifier;
}

/** `Refs: sub, repository_id` for a statement that only its conditions kept from allowing. */
function missed(explain: StatementExplain): string {
  const { actionMatch, resourceMatch, principalMatch, conditions = [] } = explain;
  if (!actionMatch || !resourceMatch) return '';
  if (principalMatch === 'NoMatch') return `${named(explain)}: principal`;
  const failed = conditions
    .filter(({ matches }) => !matches)
    .map(({ conditionKeyValue }) => conditionKeyValue.replace(/^(token|accounts)\.[^:]+:/, ''));
  return `${named(explain)}: ${failed.toSorted().join(', ')}`;
}

/**
 * AWS's machine-readable list, which the engine goes by, has `aud` and `sub` of a few providers only, though every provider has both. Google's stand in for
 * GitHub's; what the list lacks otherwise is taken from the request, as STS does.
 */
function asEngineKnows(text: string): string {
  return text.replaceAll(/token\.actions\.githubusercontent\.com:(aud|sub)\b/g, 'accounts.google.com:$1');
}

/** A template's value with literal ARNs in place of references. */
function literal(built: Synthesised, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => literal(built, item));
  if (typeof value !== 'object' || value === null) return value;
  if ('Ref' in value) return referred(built, String(value.Ref));
  if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt'])) {
    const [id, attribute] = value['Fn::GetAtt'].map(String);
    return attribute === 'Arn' ? arnOf(built, id ?? '') : id;
  }
  if ('Fn::Join' in value && Array.isArray(value['Fn::Join'])) {
    const [separator, parts] = value['Fn::Join'];
    return parts.map((part: unknown) => literal(built, part)).join(separator);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, literal(built, item)]));
}

/** What `Ref` gives: the name, but the ARN of a state machine. */
function referred(built: Synthesised, id: string): string {
  if (id === 'AWS::Partition') return 'aws';
  return built.resources[id]?.Type === 'AWS::StepFunctions::StateMachine' ? arnOf(built, id) : id;
}

const filled = ({ resources }: Synthesised, arn: string) =>
  arn.replace(/<(\w+)>/, (_, beginning: string) => {
    const found = Object.keys(resources).filter((id) => new RegExp(`^${beginning}[0-9A-F]{8}$`).test(id));
    if (found.length !== 1) throw new Error(`${beginning} is ${found.length} things of the stack`);
    return String(found[0]);
  });

const ARNS: Readonly<Record<string, (id: string) => string>> = {
  'AWS::S3::Bucket': (id) => `arn:aws:s3:::${id.toLowerCase()}`,
  'AWS::DynamoDB::GlobalTable': (id) => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${id}`,
  'AWS::StepFunctions::StateMachine': (id) => `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${id}`,
};

/** The ARN of a resource of the template; its logical id is its name. */
function arnOf({ resources }: Synthesised, id: string): string {
  const type = resources[id]?.Type ?? '';
  return ARNS[type]?.(id) ?? `arn:aws:${type.split('::')[1]?.toLowerCase()}:${REGION}:${ACCOUNT}:${id}`;
}
