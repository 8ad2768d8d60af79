import { expect } from 'vitest';
import type { DoctorPorts, Workflow } from '../../../cli/doctor/ports.ts';
import type { ApiClient } from '../../../contracts/api/client.ts';
import { problem } from '../../../contracts/api/problem.ts';
import { TrustDocument } from '../../../contracts/trust-document.ts';
import { DOCTOR_CHECKS, type Finding } from '../../../domain/doctor/finding.ts';
import { ACCOUNT, OPERATOR } from '../../lambdas/answer-request/support.ts';
import { type TestCli, testCli } from '../support.ts';

export const ENDPOINT = 'https://abc.execute-api.eu-north-1.amazonaws.com/v1';
export const MAIN = { aud: 'sts.amazonaws.com', sub: 'repo:acme/shop:ref:refs/heads/main' };

/** A trust policy that takes GitHub's tokens with these conditions. */
export const trusting = (condition: object) =>
  TrustDocument.parse({
    Statement: {
      Sid: 'Refs',
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: condition,
    },
  });
export const key = (claim: string) => `token.actions.githubusercontent.com:${claim}`;
export const OF_SHOP = { StringEquals: { [key('sub')]: MAIN.sub, [key('aud')]: MAIN.aud } };

/** A token as GitHub writes it; its signature is nobody's. */
export const tokenOf = (claims: object) => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(claims)}.c2lnbmF0dXJl`;
};

export interface Examined {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly findings: readonly Finding[];
  /** Lines about this, as `state: says → fix`. */
  about(area: string, check: string, of?: string): string;
}

export interface TestDoctor {
  readonly cli: TestCli;
  /** Everything is well, for an operator; `changes` make it ill. */
  examine(line: string, changes?: Partial<DoctorPorts>): Promise<Examined>;
  /** The API's own code, called by this identity. */
  clientAs(arn: string): ApiClient;
}

/** A healthy installation: the API's own code on a table in memory, and everything else as it should be. */
export async function testDoctor(): Promise<TestDoctor> {
  const cli = await testCli();
  const clientAs = (arn: string): ApiClient => ({
    async call({ method, path, body, headers }) {
      const url = new URL(path, 'http://api');
      if (url.pathname.endsWith('/inspection')) return inspection(url);
      const answer = await cli.api.call(method, url.pathname, { as: arn, body, ...(headers && { headers }) });
      return { status: answer.status, body: answer.body, headers: answer.headers };
    },
  });
  const healthy: DoctorPorts = {
    endpoint: ENDPOINT,
    because: '--endpoint',
    region: 'eu-north-1',
    client: clientAs(OPERATOR),
    whoAmI: async () => ({ known: true, account: ACCOUNT, arn: OPERATOR }),
    reach: async () => ({
      as: 'answer',
      status: 403,
      headers: { date: cli.api.deps.now().toUTCString() },
      body: problem('unauthenticated', 'the call is not signed'),
    }),
    trustOf: async () => ({ read: true, policy: trusting(OF_SHOP) }),
    configured: async () => undefined,
    layers: async (names) => ({ read: true, layers: names.slice(0, 2).map((name) => ({ name, version: 3 })) }),
    functions: async () => ({ read: true, functions: [{ name: 'f', state: 'Active', lastUpdate: 'Successful' }] }),
    workflow: undefined,
  };
  return {
    cli,
    clientAs,
    async examine(line, changes = {}) {
      const doctor = async () => ({ ...healthy, ...changes });
      const ran = await cli.run(`doctor ${line}`, { doctor });
      const parsed: unknown = line.includes('--json') && ran.out !== '' ? JSON.parse(ran.out) : { findings: [] };
      const { findings } = parsed as { findings: Finding[] };
      for (const { area, check } of findings) {
        if (!check.startsWith('rbac:')) expect(DOCTOR_CHECKS[area]).toContain(check);
      }
      const about: Examined['about'] = (area, check, of) =>
        findings
          .filter((one) => one.area === area && one.check === check && (of === undefined || one.of === of))
          .map(({ state, says, fix }) => `${state}: ${says}${fix === undefined ? '' : ` → ${fix}`}`)
          .join('\n');
      return { ...ran, findings, about };
    },
  };
}

function inspection(url: URL) {
  const [, , environment = ''] = url.pathname.split('/');
  const pkg = url.searchParams.get('package');
  const checks = [
    { check: 'network', state: 'ok', says: `reached in ${environment.length} ms` },
    { check: 'chart', state: 'ok', says: `chart of ${pkg} ${url.searchParams.get('version') ?? 'newest'}` },
    { check: 'rbac:Deployment', state: 'ok', says: 'may make Deployments' },
    { check: 'rbac:Service', state: 'ok', says: 'may make Services' },
  ];
  return { status: 200, headers: {}, body: { environment, deployer: { name: 'default' }, checks } };
}

/** A job on GitHub whose token has these claims. */
export function jobWith(claims: object, summary: string[] = []): Workflow {
  return {
    token: async () => ({ given: true, token: tokenOf(claims) }),
    summarise: async (markdown) => void summary.push(markdown),
  };
}
