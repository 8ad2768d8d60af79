/** The secrets' honest twin: the same rules about whose secrets may be read, and texts that tests put there. */

import type { SecretAnswer, SecretScope, Secrets } from '../../domain/values/ports.ts';
import { mayDecrypt, mayRefer, referenceText } from '../../domain/values/secrets/may-refer.ts';
import type { Reference } from '../../domain/values/secrets/reference.ts';
import { secretOfJson } from '../aws/secret-of-json.ts';

export interface MemorySecrets {
  readonly of: (scope: SecretScope) => Secrets;
  /** A SecureString's next version; `digest` is that of its ciphertext. */
  put(name: string, version: number, digest: string, text: string): void;
  /** What a reference leads to: `ssm:NAME` (its latest version) or `secretsmanager:ARN`. */
  refer(reference: string, text: string): void;
  remove(name: string): void;
  /** From now on nothing answers. */
  silence(because?: string): void;
}

function referred(others: ReadonlyMap<string, string>, reference: Reference): SecretAnswer | undefined {
  const name = referenceText(reference);
  if (reference.to === 'ssm') {
    const text = others.get(reference.version === undefined ? name : `${name}:${reference.version}`);
    return text === undefined ? undefined : { ok: true, text };
  }
  const text = others.get(name);
  if (text === undefined || reference.key === undefined) return text === undefined ? undefined : { ok: true, text };
  return secretOfJson(text, reference.key, name);
}

/** Secrets in memory, under one prefix. */
export function memorySecrets(prefix = ''): MemorySecrets {
  const sealed = new Map<string, { readonly version: number; readonly digest: string; readonly text: string }>();
  const others = new Map<string, string>();
  let silent: string | undefined;
  const missing = (because: string): SecretAnswer => ({ ok: false, code: 'values-missing', because });
  const forbidden = (because: string): SecretAnswer => ({ ok: false, code: 'forbidden', because });
  const unreachable = (): SecretAnswer => ({ ok: false, code: 'unreachable', because: silent ?? '' });
  return {
    of: (scope) => ({
      async frozen({ name, version, digest }) {
        const may = mayDecrypt(prefix, scope, name);
        if (!may.may) return forbidden(may.because);
        if (silent !== undefined) return unreachable();
        const found = sealed.get(`${name}:${version}`);
        if (found?.digest === digest) return { ok: true, text: found.text };
        return missing(`parameter ${name}, version ${version}, is not what was planned any more`);
      },
      async referred(reference) {
        const may = mayRefer(prefix, scope, reference);
        if (!may.may) return forbidden(may.because);
        if (silent !== undefined) return unreachable();
        return referred(others, reference) ?? missing(`${referenceText(reference)} is not there`);
      },
    }),
    put: (name, version, digest, text) => {
      sealed.set(`${name}:${version}`, { version, digest, text });
      others.set(`ssm:${name}`, text);
      others.set(`ssm:${name}:${version}`, text);
    },
    refer: (reference, text) => void others.set(reference, text),
    remove: (name) => {
      for (const key of sealed.keys()) if (key.startsWith(`${name}:`)) sealed.delete(key);
      for (const key of others.keys()) if (key === `ssm:${name}` || key.startsWith(`ssm:${name}:`)) others.delete(key);
    },
    silence: (because = 'Parameter Store does not answer') => {
      silent = because;
    },
  };
}
