/**
 * What one call has come to know of secrets, and how it speaks of everything since: every secret that is read is learnt, and
 * whatever leaves the call (answer, events, logs, errors) goes through `redact`.
 */
import { isMap } from '../../domain/json.ts';
import type { SecretScope, Secrets } from '../../domain/values/ports.ts';
import { type Redact, redactor } from '../../domain/values/secrets/redactor.ts';
import type { Deps } from './deps.ts';
import { hushedError } from './hushed-error.ts';
import { hushedLog } from './hushed-log.ts';

export interface Hush {
  /** From now on these texts are masked. */
  learn(texts: readonly string[]): void;
  /** Every text that was learnt. */
  known(): readonly string[];
  readonly redact: Redact;
  /** Marks words as somebody else's: where it cannot be known what of them is secret, they are left out. */
  quote(words: string): string;
  quoted(): readonly string[];
}

/** Knows nothing yet. */
export function newHush(): Hush {
  const texts = new Set<string>();
  const quoted: string[] = [];
  let redact: Redact | undefined;
  return {
    learn(more) {
      for (const text of more) {
        if (texts.has(text)) continue;
        texts.add(text);
        redact = undefined;
      }
    },
    known: () => [...texts],
    quote(words) {
      if (words !== '') quoted.push(words);
      return words;
    },
    quoted: () => quoted,
    redact: (text) => {
      if (texts.size === 0) return text;
      redact ??= redactor([...texts]);
      return redact(text);
    },
  };
}

/** The same, with ears and a mask: secrets that are read through it are learnt, and its log speaks hushed. */
export function hushedDeps(deps: Deps, hush: Hush): Deps {
  return {
    ...deps,
    log: hushedLog(deps.log, hush.redact),
    learn: hush.learn,
    secrets: (scope) => learning(deps, hush, scope),
  };
}

/** Runs one call with such deps. What it throws says no secret either. */
export async function hushedCall<T>(deps: Deps, run: (hushed: Deps, hush: Hush) => Promise<T>): Promise<T> {
  const hush = newHush();
  try {
    return await run(hushedDeps(deps, hush), hush);
  } catch (error) {
    throw hushedError(error, hush.redact);
  }
}

function learning({ secrets, readLayer }: Deps, hush: Hush, scope: SecretScope): Secrets {
  const { frozen, referred } = secrets(scope);
  return {
    async frozen(secret) {
      const answer = await frozen(secret);
      if (!answer.ok) return answer;
      const layer = readLayer(secret.name, secret.version, answer.text);
      // What is no layer is a secret as a whole: an environment's, or a layer that will be called broken.
      hush.learn(layer.ok ? textsIn(layer.values) : [answer.text]);
      return answer;
    },
    async referred(reference) {
      const answer = await referred(reference);
      if (answer.ok) hush.learn([answer.text]);
      return answer;
    },
  };
}

/** Every text and number below a value. Keys are no secrets: they have to be told. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number' || typeof value === 'bigint') return [String(value)];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isMap(value) ? Object.values(value).flatMap(textsIn) : [];
}
