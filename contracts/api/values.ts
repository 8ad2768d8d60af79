/**
 * Helm values inside a request: any JSON map that survives the way to helm unchanged. DynamoDB nests 32 levels deep,
 * knows no empty key and no number beyond double precision
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html).
 */
import * as z from 'zod';
import { referenceIn } from '../../domain/values/secrets/references-in.ts';

const DEEPEST = 24;

interface Trouble {
  readonly path: readonly (string | number)[];
  readonly because: string;
}

/** The first thing in `value` that cannot be kept as it is. Never shows a value: it may be a secret. */
export function troubleIn(value: unknown): Trouble | undefined {
  const left: { value: unknown; path: readonly (string | number)[] }[] = [{ value, path: [] }];
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    const because = troubleOf(at.value, at.path);
    if (because !== undefined) return { path: at.path, because };
    if (typeof at.value !== 'object' || at.value === null) continue;
    const entries = Array.isArray(at.value) ? at.value.entries() : Object.entries(at.value);
    for (const [key, inner] of entries) left.push({ value: inner, path: [...at.path, key] });
  }
  return undefined;
}

function troubleOf(value: unknown, path: readonly (string | number)[]): string | undefined {
  if (path.at(-1) === '') return 'a key is empty';
  if (path.length > DEEPEST) return `nested deeper than ${DEEPEST} levels`;
  if (typeof value === 'string' && !value.isWellFormed()) return 'the text is not valid Unicode';
  if (typeof value === 'number' && !fits(value)) return 'the number is too large or too small: write it as text';
  return undefined;
}

const fits = (n: number) => n === 0 || (Math.abs(n) <= Number.MAX_SAFE_INTEGER && Math.abs(n) >= 1e-130);

/** Whoever starts rollouts would read secrets that way. */
function referring(values: unknown): Trouble | undefined {
  const path = referenceIn(values);
  if (path === undefined) return undefined;
  return { path, because: "a rollout's own values cannot refer to secrets: put the reference into a layer of values" };
}

export const Values = z
  .record(z.string(), z.unknown())
  .superRefine((values, context) => {
    const trouble = troubleIn(values) ?? referring(values);
    if (trouble !== undefined) context.addIssue({ code: 'custom', message: trouble.because, path: [...trouble.path] });
  })
  .meta({ description: 'helm values of this rollout, the strongest layer' });
