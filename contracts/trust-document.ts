/** IAM's JSON of a trust policy, read into what `domain/trust` judges. */
import * as z from 'zod';
import type { TrustPolicy, TrustStatement } from '../domain/trust/trust-policy.ts';

const Text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const Texts = z.union([Text, z.array(Text)]).transform((value) => [value].flat());

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
const Statement = z.looseObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.union([z.literal('*'), z.record(z.string(), Texts)]).optional(),
  Action: Texts.optional(),
  Condition: z.record(z.string(), z.record(z.string(), Texts)).optional(),
});

const KNOWN = ['Sid', 'Effect', 'Principal', 'Action', 'Condition'];

/** A trust policy document; anything beyond Principal, Action and Condition is kept by name as not understood. */
export const TrustDocument = z
  .object({ Statement: z.union([Statement, z.array(Statement)]) })
  .transform(({ Statement: all }): TrustPolicy => ({ statements: [all].flat().map(statementOf) }));

function statementOf(statement: z.output<typeof Statement>, index: number): TrustStatement {
  const { Sid, Effect, Principal, Action, Condition = {} } = statement;
  return {
    name: Sid || `statement ${index + 1}`,
    effect: Effect,
    federated: Principal === '*' ? ['*'] : (Principal?.['Federated'] ?? Principal?.['*'] ?? []),
    actions: Action ?? [],
    conditions: Object.entries(Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => ({ operator, key, values })),
    ),
    unread: Object.keys(statement).filter((key) => !KNOWN.includes(key)),
  };
}
