/**
 * What helm 4 says on stderr, read into problems with kind and name of the object at fault. Helm offers no codes,
 * so these are its words (v4.1.4; test/fixtures/helm holds real ones); what is not known is quoted as it is.
 */

import type { Culprit } from '../../domain/outcome.ts';
import type { HelmProblem } from '../../domain/release/helm.ts';
import { FENCED } from './fence-proxy.ts';
import { UNREACHABLE } from './forward-request.ts';
import { culpritIn } from './read-culprit.ts';

const MAX_WORDS = 1000;

interface Saying {
  readonly says: RegExp;
  readonly code: HelmProblem['code'];
}

/**
 * An API server that is in trouble itself (429, 5xx; https://github.com/kubernetes/apimachinery/blob/master/pkg/api/errors/errors.go)
 * says nothing about the release: it is asked again, and nothing is quarantined for it.
 */
const SERVER_TROUBLE =
  /etcdserver: |the server is currently unable to handle|too many requests|Internal error occurred|unable to return a response in the time allotted|TLS handshake timeout/;

/** In this order: the first that fits holds. */
const SAYINGS: readonly Saying[] = [
  { says: new RegExp(FENCED), code: 'fenced' },
  // Go's words for a write of helm's own: https://pkg.go.dev/io/fs#PathError
  { says: /(write|open|mkdir|create) \S+: (no space left on device|disk quota exceeded)/, code: 'disk-full' },
  { says: new RegExp(UNREACHABLE), code: 'unreachable' },
  { says: /asked for the client to provide credentials|\bUnauthorized\b/, code: 'unauthorised' },
  {
    says: /kubernetes cluster unreachable|connection (refused|reset)|no such host|i\/o timeout|EOF$/i,
    code: 'unreachable',
  },
  { says: SERVER_TROUBLE, code: 'unreachable' },
  { says: /another operation \(install\/upgrade\/rollback\) is in progress/, code: 'foreign-operation' },
  { says: /exists and cannot be imported into the current release/, code: 'not-adoptable' },
  { says: /^conflict occurred while applying object|Apply failed with \d+ conflicts?:/m, code: 'conflict' },
  // Before hooks: one that we may not create has not failed.
  { says: /User "[^"]*" cannot|attempting to grant RBAC permissions/, code: 'forbidden' },
  { says: /hooks? failed|failed (pre|post)-(install|delete)/, code: 'hook-failed' },
  // Before templates: the field at fault may be called `spec.template`.
  { says: /\b[A-Z]\w*(\.[\w.-]+)? "[^"]+" is invalid: /, code: 'rejected' },
  { says: /namespaces "[^"]+" not found/, code: 'forbidden' },
  { says: /values don't meet the specifications of the schema/, code: 'values-broken' },
  {
    says: /YAML parse error on|error converting YAML|executing "[^"]+" at|parse error at|template: |execution error at/,
    code: 'template-broken',
  },
  { says: /chart requires kubeVersion|Chart\.yaml file is missing|chart metadata is missing/, code: 'template-broken' },
  { says: /release has no \d+ version/, code: 'no-such-revision' },
  { says: /release: not found/, code: 'no-such-release' },
  { says: /context deadline exceeded|timed out waiting/, code: 'out-of-time' },
  { says: /./, code: 'rejected' },
];

/** Reads helm's stderr after an exit other than 0. */
export function readHelmError(stderr: string): HelmProblem {
  const words = errorIn(stderr);
  const saying = SAYINGS.find(({ says }) => says.test(words));
  if (saying === undefined) return { code: 'internal', because: 'helm failed without a word' };
  const { code } = saying;
  const because = cut(words);
  const culprit = culpritIn(words);
  return culprit === undefined ? { code, because } : { code, because, objects: [told(culprit, words)] };
}

/** From helm's last `Error:` on, without its prefix; log lines above repeat it. */
function errorIn(stderr: string): string {
  const at = stderr.lastIndexOf('\nError: ');
  const from = stderr.startsWith('Error: ') && at < 0 ? 0 : at < 0 ? -1 : at + 1;
  const said = from < 0 ? stderr : stderr.slice(from + 'Error: '.length);
  return said.replace(/^(UPGRADE|INSTALLATION|ROLLBACK) FAILED: /, '').trim();
}

const told = (culprit: Omit<Culprit, 'because'>, words: string): Culprit => ({
  ...culprit,
  because: words.length > 500 ? `${words.slice(0, 499)}…` : words,
});

const cut = (words: string) => (words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS - 1)}…` : words);
