/**
 * Values with `{% JSONata %}` in them. Step Functions implements JSONata 2.0.6 and fails where an expression yields
 * nothing (https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html).
 */
import { createHash } from 'node:crypto';
import jsonata from 'jsonata';
import { AslFailure } from './failure.ts';

/** What expressions see: `$states`, and each variable under its own name. */
export interface Bindings {
  readonly states: {
    readonly input: unknown;
    readonly result?: unknown;
    readonly errorOutput?: unknown;
    readonly context: unknown;
  };
  readonly variables: Readonly<Record<string, unknown>>;
  /** What `$random()` gives. @default JSONata's own */
  readonly random?: () => number;
}

const compiled = new Map<string, jsonata.Expression>();

/**
 * Evaluates every expression in `template`, which is any JSON value.
 * @throws AslFailure `States.QueryEvaluationError`.
 */
export async function evaluate(template: unknown, bindings: Bindings): Promise<unknown> {
  if (typeof template === 'string') {
    const expression = /^\{%(.*)%\}$/s.exec(template)?.[1];
    return expression === undefined ? template : query(expression.trim(), bindings);
  }
  if (Array.isArray(template)) return Promise.all(template.map((one) => evaluate(one, bindings)));
  if (typeof template !== 'object' || template === null) return template;
  const entries = Object.entries(template).map(async ([key, value]) => [key, await evaluate(value, bindings)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function query(expression: string, { states, variables, random }: Bindings): Promise<unknown> {
  const result = await run(expression, { ...variables, states, ...(random !== undefined && { random }) });
  // Arrays that JSONata makes know that they are sequences; what travels on is plain JSON.
  const text = JSON.stringify(result);
  if (text === undefined) throw new AslFailure('States.QueryEvaluationError', `no result of: ${expression}`);
  return JSON.parse(text);
}

async function run(expression: string, bindings: Record<string, unknown>): Promise<unknown> {
  try {
    const ready = compiled.get(expression) ?? withHash(jsonata(expression));
    compiled.set(expression, ready);
    return await ready.evaluate(undefined, bindings);
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    throw new AslFailure('States.QueryEvaluationError', `${code}: ${message} in: ${expression}`);
  }
}

/** Step Functions' own `$hash` (https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-for-data-transformation). */
const ALGORITHMS: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

function withHash(expression: jsonata.Expression): jsonata.Expression {
  expression.registerFunction('hash', (text: string, algorithm = 'SHA-1') => {
    const known = ALGORITHMS[algorithm];
    if (known === undefined) throw new Error(`$hash knows no ${algorithm}`);
    return createHash(known).update(text).digest('hex');
  });
  return expression;
}
