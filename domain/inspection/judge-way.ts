/** The way to an API server: which part of it does not hold, and who can put that right? */
import { type Check, fail, ok, warn } from './check.ts';
import type { WaySeen } from './sights.ts';

export interface WayAsked {
  readonly environment: string;
  readonly server: string;
  /** EKS says that the endpoint has no public address. */
  readonly isPrivate: boolean;
}

const DAY_MS = 86_400_000;
/** EKS renews certificates of API servers well before (https://docs.aws.amazon.com/eks/latest/userguide/cert-signing.html); others may not. */
const SOON_DAYS = 14;

/** One line for the network; one for the certificate when the network is good. */
export function judgeWay(asked: WayAsked, seen: WaySeen, now: Date): readonly Check[] {
  const { server } = asked;
  switch (seen.is) {
    case 'no-name':
      return [fail('network', `${server}: its name has no address (${seen.because})`, nameFix(asked))];
    case 'refused':
      return [
        fail(
          'network',
          `${server} refuses the connection (${seen.because})`,
          `nothing listens there: register environment ${asked.environment} with the cluster's endpoint as it is now`,
        ),
      ];
    case 'silent':
      return [fail('network', `${server}: no connection (${seen.because})`, pathFix(asked))];
    case 'broken':
      return [fail('network', `${server}: the connection broke (${seen.because})`, pathFix(asked))];
    default:
      return [ok('network', `${server} takes connections of the deployer`), judgeCertificate(asked, seen, now)];
  }
}

type Connected = Extract<WaySeen, { is: 'open' | 'untrusted' | 'other-name' | 'expired' | 'not-yet-valid' | 'no-tls' }>;

function judgeCertificate({ environment, server }: WayAsked, seen: Connected, now: Date): Check {
  switch (seen.is) {
    case 'open':
      return judgeEnd(seen.certificateEnds, now);
    case 'untrusted':
      return fail(
        'tls',
        `the certificate of ${server} is not signed by the CA that is registered (${seen.because})`,
        `register environment ${environment} with the cluster's own certificateAuthority (aws eks describe-cluster), or with neither endpoint nor ca, so that EKS is asked`,
      );
    case 'other-name':
      return fail(
        'tls',
        `the certificate of ${server} is for another name (${seen.because})`,
        `register environment ${environment} with the endpoint that the certificate names`,
      );
    case 'expired':
    case 'not-yet-valid':
      return fail(
        'tls',
        `the certificate of ${server} is ${seen.is === 'expired' ? 'over' : 'not valid yet'} (${seen.because})`,
        "renew the API server's certificate, or put its clock right",
      );
    case 'no-tls':
      return fail(
        'tls',
        `${server} does not speak TLS as an API server does (${seen.because})`,
        `register environment ${environment} with the cluster's endpoint: something else listens there, or stands in between`,
      );
  }
}

function judgeEnd(ends: Date, now: Date): Check {
  const days = Math.floor((ends.getTime() - now.getTime()) / DAY_MS);
  const day = ends.toISOString().slice(0, 10);
  if (days >= SOON_DAYS) return ok('tls', `its certificate is signed by the registered CA and holds until ${day}`);
  return warn('tls', `its certificate is over in ${days} days, on ${day}`, "renew the API server's certificate");
}

function nameFix({ environment, isPrivate }: WayAsked): string {
  if (isPrivate) return privateFix(environment);
  return `register environment ${environment} with the cluster's endpoint as it is now, or look at the DNS of the deployer's network`;
}

function pathFix({ environment, isPrivate }: WayAsked): string {
  if (isPrivate) return privateFix(environment);
  return `let the deployer's network reach the API server (its public access CIDRs, security groups, routes), or give environment ${environment} a deployer in the cluster's VPC`;
}

const privateFix = (environment: string) =>
  `the endpoint is private: give environment ${environment} a deployer in the cluster's VPC (deployers.NAME.vpc in fairlead.yaml)`;
