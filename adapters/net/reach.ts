/** How far does a plain call come? Name, connection, certificate, answer: the first that fails is told. */

import type { Reached } from '../../contracts/looks.ts';

const MOST_CHARACTERS = 64 * 1024;

/** Sends an unsigned GET to `url` and follows nothing. Never throws. */
export async function reach(url: string, timeoutMilliseconds = 10_000): Promise<Reached> {
  try {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMilliseconds) });
    const text = await beginningOf(answer);
    return { as: 'answer', status: answer.status, headers: Object.fromEntries(answer.headers), body: parsed(text) };
  } catch (error: unknown) {
    return failureOf(error, timeoutMilliseconds);
  }
}

/** Whatever answers may answer without end. */
async function beginningOf({ body }: Response): Promise<string> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MOST_CHARACTERS) break;
  }
  return text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(0, 200);
  }
}

/** Codes of Node's resolver (https://nodejs.org/api/dns.html#error-codes). */
const DNS = /^(ENOTFOUND|EAI_\w+|ENODATA|ESERVFAIL)$/;
/** Codes of Node's TLS (https://nodejs.org/api/tls.html#x509-certificate-error-codes). */
const TLS =
  /^(ERR_TLS_\w+|ERR_SSL_\w+|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|EPROTO)$/;

function failureOf(error: unknown, timeoutMilliseconds: number): Reached {
  // fetch hides the socket's words behind `fetch failed`, and several addresses behind one error.
  const [cause = error] = chain(error).slice(-1);
  const because = cause instanceof Error ? cause.message : String(cause);
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (cause instanceof Error && cause.name === 'TimeoutError') {
    return { as: 'timeout', because: `no answer within ${timeoutMilliseconds / 1000} s` };
  }
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return { as: 'timeout', because };
  if (DNS.test(code)) return { as: 'dns', because };
  return { as: TLS.test(code) ? 'tls' : 'tcp', because };
}

function chain(error: unknown): readonly unknown[] {
  if (error instanceof AggregateError && error.errors[0] !== undefined) return [error, ...chain(error.errors[0])];
  if (error instanceof Error && error.cause !== undefined) return [error, ...chain(error.cause)];
  return [error];
}
