import type { TokenRead } from '../../contracts/looks.ts';
import { readClaims } from '../../contracts/token-claims.ts';
import type { Finding } from '../../domain/doctor/finding.ts';
import { explainTrust } from '../../domain/trust/explain-trust.ts';
import { judgeTrust } from '../../domain/trust/judge-trust.ts';
import type { TrustPolicy } from '../../domain/trust/trust-policy.ts';
import { type TokenClaims, trustContext } from '../../domain/trust/web-identity.ts';
import type { DoctorRun } from './doctor-run.ts';
import type { Configured } from './ports.ts';

/** What AssumeRoleWithWebIdentity of our roles asks for. */
const AUDIENCE = 'sts.amazonaws.com';
const PERMISSION = 'add to the job, or to the top of the workflow:  permissions: { id-token: write, contents: read }';

export interface TrustAsked {
  /** Text of the file of `--claims`; without one the job's own token is asked for. */
  readonly claims: string | undefined;
  /** ARN of the role, if one is known. */
  readonly role: string | undefined;
  /** Its source's name in `fairlead.yaml`, if one is known. */
  readonly source: string | undefined;
}

/** Would the role let this token in, and if not: which statement, which condition, which value? */
export async function examineTrust(run: DoctorRun, asked: TrustAsked): Promise<readonly Finding[]> {
  const token = asked.claims === undefined ? await run.ports.workflow?.token(AUDIENCE) : given(asked.claims);
  if (token === undefined) return [];
  if (!token.given) return [withoutToken(run, token)];
  const found = readClaims(token.token);
  if (!found.ok) {
    const fix = 'give the claims as a JSON object with sub and aud, e.g. what this command printed in the workflow';
    return [{ area: 'trust', check: 'token', state: 'fail', says: `what should be claims ${found.because}`, fix }];
  }
  const { claims } = found;
  const seen: Finding = { area: 'trust', check: 'token', state: 'ok', says: `the token says ${shown(claims)}` };
  const trust = await trustAsked(run, asked);
  if ('missing' in trust) return [seen, withoutRole(trust.missing)];
  if (!('policy' in trust)) return [seen, withoutPolicy(trust.because, claims, asked)];
  return [seen, ...judged(trust, claims)];
}

const given = (token: string): TokenRead => ({ given: true, token });

function withoutToken({ caller }: DoctorRun, token: Extract<TokenRead, { given: false }>): Finding {
  const line = { area: 'trust', check: 'token', says: token.because } as const;
  const fix = token.code === 'no-permission' ? PERMISSION : 'try again; is the job still running?';
  // Who has a session already does not need the token.
  return { ...line, state: caller === undefined ? 'fail' : 'warn', fix };
}

interface Trust {
  readonly policy: TrustPolicy;
  /** The role and where its policy was read. */
  readonly name: string;
}

/** From IAM, where the deployed truth is; else from the configuration that it is made of. */
async function trustAsked(
  run: DoctorRun,
  { role, source }: TrustAsked,
): Promise<Trust | { readonly missing: string } | { readonly because: string }> {
  const { ports, configured, caller } = run;
  const read = role === undefined ? undefined : await ports.trustOf(role);
  if (read?.read === true) return { policy: read.policy, name: `${role}` };
  // IAM tells of the account that asks; whether another one has the role it cannot say.
  const isOwn = caller !== undefined && role?.split(':')[4] === caller.account;
  if (read?.code === 'missing' && isOwn) return { missing: `${role}` };
  const found = configured && trustIn(configured, { role, source });
  if (found !== undefined) return found;
  if (read !== undefined) return { because: read.because };
  return {
    because:
      source === undefined
        ? 'no role is named'
        : `there is no source '${source}' in ${configured?.file ?? 'any fairlead.yaml that was given'}`,
  };
}

function trustIn(configured: Configured, { role, source }: Pick<TrustAsked, 'role' | 'source'>): Trust | undefined {
  const { file, name, sources, workflows } = configured;
  const found = sources.find((one) => one.name === source);
  if (found !== undefined) return { policy: found.trust, name: `source ${found.name} as ${file} has it` };
  if (workflows === undefined || !role?.endsWith(`/${name}-workflows`)) return undefined;
  return { policy: workflows, name: `${name}-workflows as ${file} has it` };
}

function judged({ policy, name }: Trust, claims: TokenClaims): readonly Finding[] {
  const line = { area: 'trust', check: 'role' } as const;
  const answer = judgeTrust(policy, trustContext(claims));
  if (answer.verdict === 'allowed') return [{ ...line, state: 'ok', says: `${name} lets it in: ${answer.because}` }];
  const reasons = explainTrust(answer, claims);
  if (answer.verdict === 'unknown') {
    const says = `whether ${name} lets it in cannot be told: ${answer.because}`;
    return [{ ...line, state: 'warn', says, fix: reasons[0]?.fix ?? 'compare it by hand' }];
  }
  return reasons.map(({ because, fix }) => ({ ...line, state: 'fail', says: `${name} keeps it out: ${because}`, fix }));
}

function withoutRole(role: string): Finding {
  const fix = 'deploy (npx cdk deploy), or name a source that fairlead.yaml has';
  return { area: 'trust', check: 'role', state: 'fail', says: `there is no role ${role}`, fix };
}

/** Nobody could say what the role trusts: the claims, and who can. */
function withoutPolicy(because: string, claims: TokenClaims, { role, source }: TrustAsked): Finding {
  const who = role === undefined ? (source === undefined ? '--role ARN' : `--source ${source}`) : `--role ${role}`;
  const fix = `an operator runs: echo '${JSON.stringify(told(claims)).replaceAll("'", '’')}' | fairlead doctor ${who} --claims -`;
  return { area: 'trust', check: 'role', state: 'warn', says: `what the role trusts cannot be seen: ${because}`, fix };
}

/** Claims that a trust policy can ask for; none of them is secret. */
const TOLD = [
  'aud',
  'sub',
  'repository',
  'repository_id',
  'repository_owner_id',
  'ref',
  'environment',
  'job_workflow_ref',
  'workflow',
  'actor',
];
const told = (claims: TokenClaims) =>
  Object.fromEntries(TOLD.flatMap((name) => (claims[name] === undefined ? [] : [[name, claims[name]]])));
const shown = (claims: TokenClaims) =>
  ['sub', 'aud', 'repository_id']
    .flatMap((name) => (claims[name] === undefined ? [] : [`${name} '${String(claims[name])}'`]))
    .join(', ');
