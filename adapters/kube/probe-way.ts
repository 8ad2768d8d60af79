/** How far one gets to an API server by name, socket and TLS, with the reason at each step; nothing is sent to it. */
import { lookup } from 'node:dns/promises';
import { connect as connectSocket, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { WaySeen } from '../../domain/inspection/sights.ts';

export interface ProbeWayProps {
  /** https URL of the API server. */
  readonly server: string;
  /** PEM bundle that signs its certificate. */
  readonly ca: string;
  /** For the name, for the socket and for TLS together. */
  readonly timeoutMs: number;
}

/** Where IPv6 addresses stand in URLs, they stand in brackets. */
const hostOf = ({ hostname }: URL) => hostname.replace(/^\[|\]$/g, '');

/** Never rejects: whatever stands in the way is the answer. */
export async function probeWay({ server, ca, timeoutMs }: ProbeWayProps): Promise<WaySeen> {
  const url = new URL(server);
  const host = hostOf(url);
  const until = Date.now() + timeoutMs;
  const named = await within(lookup(host), until);
  if (named === 'late') return { is: 'no-name', because: `no answer within ${timeoutMs / 1000} s` };
  if ('error' in named) return { is: 'no-name', because: codeOf(named.error) };
  const reached = await openSocket(named.value.address, Number(url.port || 443), until);
  if ('is' in reached) return reached;
  return await shakeHands(reached.socket, { host, ca, until });
}

async function within<T>(
  work: Promise<T>,
  until: number,
): Promise<{ readonly value: T } | { readonly error: unknown } | 'late'> {
  const { promise, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(resolve, Math.max(0, until - Date.now()), 'late');
  const told = work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  return await Promise.race([told, promise]).finally(() => clearTimeout(timer));
}

function openSocket(host: string, port: number, until: number): Promise<WaySeen | { readonly socket: Socket }> {
  const { promise, resolve } = Promise.withResolvers<WaySeen | { readonly socket: Socket }>();
  const socket = connectSocket({ host, port });
  const give = (answer: WaySeen) => {
    socket.destroy();
    resolve(answer);
  };
  socket.setTimeout(Math.max(1, until - Date.now()), () => give({ is: 'silent', because: 'no answer in time' }));
  socket.once('connect', () => {
    socket.setTimeout(0);
    socket.removeAllListeners('error');
    resolve({ socket });
  });
  socket.once('error', (error) => give(socketTrouble(codeOf(error))));
  return promise;
}

function socketTrouble(code: string): WaySeen {
  if (code === 'ECONNREFUSED') return { is: 'refused', because: code };
  const isSilent = ['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN'].includes(code);
  return { is: isSilent ? 'silent' : 'broken', because: code };
}

interface Handshake {
  readonly host: string;
  readonly ca: string;
  readonly until: number;
}

function shakeHands(socket: Socket, { host, ca, until }: Handshake): Promise<WaySeen> {
  const { promise, resolve } = Promise.withResolvers<WaySeen>();
  let secure: TLSSocket | undefined;
  const give = (answer: WaySeen) => {
    clearTimeout(timer);
    secure?.destroy();
    socket.destroy();
    resolve(answer);
  };
  const timer = setTimeout(give, Math.max(1, until - Date.now()), { is: 'silent', because: 'no TLS answer in time' });
  try {
    // A CA that is no certificate throws here.
    secure = connectTls({ socket, host, servername: isAddress(host) ? '' : host, ca });
  } catch (error) {
    give({ is: 'untrusted', because: `the registered CA is no certificate (${codeOf(error)})` });
    return promise;
  }
  const shaken = secure;
  shaken.once('secureConnect', () => {
    give({ is: 'open', certificateEnds: new Date(shaken.getPeerCertificate().valid_to) });
  });
  shaken.once('error', (error) => give(tlsTrouble(error)));
  shaken.once('close', () => give({ is: 'no-tls', because: 'it hung up' }));
  return promise;
}

const isAddress = (host: string) => /^[\d.]+$/.test(host) || host.includes(':');

/** https://nodejs.org/api/tls.html#x509-certificate-error-codes */
function tlsTrouble(error: Error): WaySeen {
  const because = codeOf(error);
  if (because === 'ERR_TLS_CERT_ALTNAME_INVALID') return { is: 'other-name', because: error.message };
  if (because === 'CERT_HAS_EXPIRED') return { is: 'expired', because };
  if (because === 'CERT_NOT_YET_VALID') return { is: 'not-yet-valid', because };
  return { is: UNTRUSTED.includes(because) ? 'untrusted' : 'no-tls', because };
}

const UNTRUSTED = [
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'INVALID_CA',
  'INVALID_PURPOSE',
];

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
