import * as z from 'zod';
import { regionOfEndpoint } from '../../contracts/api/endpoint.ts';
import { PROBLEM_BASE, Problem } from '../../contracts/api/problem.ts';
import type { Reached } from '../../contracts/looks.ts';
import type { Finding } from '../../domain/doctor/finding.ts';
import type { DoctorPorts } from './ports.ts';

const WAYS: Readonly<Record<Exclude<Reached['as'], 'answer'>, { readonly what: string; readonly fix: string }>> = {
  dns: { what: 'its name is not known', fix: 'compare the endpoint with what cdk deploy printed; check DNS and VPN' },
  tcp: {
    what: 'nothing answers there',
    fix: 'compare host and port with what cdk deploy printed; is a local stack still running (fairlead up)?',
  },
  tls: {
    what: 'its certificate is not trusted',
    fix: 'a proxy on the way may replace certificates: point NODE_EXTRA_CA_CERTS to its CA, and check the host name',
  },
  timeout: { what: 'it does not answer in time', fix: 'check proxy, firewall and VPN between here and there' },
};

/** Is there a Fairlead API at the endpoint? Judged by how it answers a call that nobody signed. */
export function examineEndpoint(
  { endpoint, because, region }: Pick<DoctorPorts, 'endpoint' | 'because' | 'region'>,
  reached: Reached,
): readonly Finding[] {
  const network = { area: 'endpoint', check: 'network' } as const;
  if (reached.as !== 'answer') {
    const { what, fix } = WAYS[reached.as];
    return [{ ...network, state: 'fail', says: `${endpoint} (${because}): ${what}: ${reached.because}`, fix }];
  }
  return [
    { ...network, state: 'ok', says: `${endpoint} answers (${because})` },
    examineApi(reached),
    ...examineRegion(endpoint, region),
  ];
}

/** API Gateway's own words (https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html). */
const Message = z.object({ message: z.string() });

function examineApi({ status, body }: Extract<Reached, { as: 'answer' }>): Finding {
  const line = { area: 'endpoint', check: 'api' } as const;
  const problem = Problem.safeParse(body);
  if (problem.success && problem.data.type.startsWith(PROBLEM_BASE)) {
    return { ...line, state: 'ok', says: 'a Fairlead API, which refuses calls that nobody signed' };
  }
  const message = Message.safeParse(body).data?.message;
  if (status === 403 && message === 'Forbidden') {
    return {
      ...line,
      state: 'fail',
      says: 'API Gateway knows no such stage or API',
      fix: 'end the endpoint with its stage, e.g. https://ID.execute-api.REGION.amazonaws.com/v1, as cdk deploy printed it',
    };
  }
  const seen = `it answered ${status}${message === undefined ? '' : ` '${message.slice(0, 100)}'`}`;
  return {
    ...line,
    state: 'fail',
    says: `this is no Fairlead API: ${seen}`,
    fix: 'give the endpoint that cdk deploy printed',
  };
}

/** Whether the API answered as ours does. */
export const isFairlead = (findings: readonly Finding[]) =>
  findings.some(({ area, check, state }) => area === 'endpoint' && check === 'api' && state === 'ok');

function examineRegion(endpoint: string, region: string): readonly Finding[] {
  const line = { area: 'endpoint', check: 'region' } as const;
  const there = regionOfEndpoint(endpoint);
  if (there === undefined || there === region)
    return [{ ...line, state: 'ok', says: `calls are signed for ${region}` }];
  const says = `calls are signed for ${region}, and the endpoint is in ${there}: every signature is refused`;
  return [{ ...line, state: 'fail', says, fix: `give --region ${there}` }];
}
