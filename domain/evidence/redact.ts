/**
 * Which parts of a line must nobody see? What looks like a credential is masked where lines leave the cluster for people.
 * It is a net under applications that log too much, not a licence: values and environment variables are never read at all.
 */
const MASK = '[redacted]';

/**
 * A word that announces a secret, alone or at the end of a name such as `DB_PASSWORD`. Its plural announces none:
 * API servers say `secrets: secrets "x" not found`.
 */
const SECRET_WORD = String.raw`[\w.-]*(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)(?:[_-]?(?:key|value|id|\d+))*\b`;

const RULES: readonly (readonly [RegExp, string])[] = [
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
  [/\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g, MASK],
  [/\bk8s-aws-v1\.[\w-]+/g, MASK],
  // JSON Web Tokens begin with base64url of `{"`
  [/\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?/g, MASK],
  [/\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|xox[abpors]-[\w-]{10,}|glpat-[\w-]{20,})/g, MASK],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----.*/g, MASK],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${MASK}`],
  [/([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@]+@/gi, `$1:${MASK}@`],
  [/([?&]X-Amz-(?:Signature|Security-Token|Credential)=)[^\s&"']+/gi, `$1${MASK}`],
  // password=…, "password": "…", --password … in the forms that logs write them
  [new RegExp(String.raw`(${SECRET_WORD}["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;&"'}\]]+)`, 'gi'), `$1${MASK}`],
  [new RegExp(String.raw`(--${SECRET_WORD}\s+)(?![-\[])\S+`, 'gi'), `$1${MASK}`],
];

/** The line with everything masked that looks like a credential. */
export function redact(line: string): string {
  return RULES.reduce((text, [pattern, mask]) => text.replace(pattern, mask), line);
}

/** Inside a PEM private key every line is secret, though each alone looks like nothing. */
export function redactLines(lines: readonly string[]): readonly string[] {
  let inKey = false;
  return lines.map((line) => {
    const begins = /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(line);
    const hidden = inKey && !begins;
    if (begins) inKey = true;
    if (/-----END [A-Z ]*PRIVATE KEY-----/.test(line)) inKey = false;
    return hidden ? MASK : redact(line);
  });
}
