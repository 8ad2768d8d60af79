/** Who may roll out with nais/fasit-deploy v4, which knows no AWS role: part of `fairlead.yaml`. */
import * as z from 'zod';
import { Digits } from './source.ts';

const Owner = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,100}$/, 'the owner, in the letters that GitHub shows')
    .meta({ example: 'acme' }),
  id: Digits.meta({ description: "GitHub's numeric id of it: gh api users/{owner} --jq .id" }),
});

/** Tokens for AWS are handed to AWS by every workflow that assumes a role: whoever sees one must not be able to roll out with it. */
const Audience = z
  .string()
  .regex(/^[\x21-\x2b\x2d-\x7e]{1,200}$/, 'an audience has 1–200 printable characters without spaces and commas')
  .refine(
    (audience) => audience !== 'sts.amazonaws.com',
    'tokens for AWS are not for this: take an audience of its own',
  );

const RepositoryPattern = z
  .string()
  .regex(/^[\w.-]{1,100}\/([\w.-]+\*?|\*)$/, 'write owner/name, owner/prefix-* or owner/*')
  .meta({ example: 'acme/*' });

/** GitHub compares names without case. */
const isOf = (owner: string, pattern: string) => pattern.toLowerCase().startsWith(`${owner.toLowerCase()}/`);

/** The functions are told by one variable each, of 4 KB for all (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
const MOST_CHARACTERS = 1500;

export const FasitDeploy = z
  .strictObject({
    owners: z.array(Owner).min(1).meta({ description: 'whose repositories may roll out, by number' }),
    audiences: z.array(Audience).min(1).optional().meta({
      description: "what tokens must be made for; default: https://github.com/{owner} of each, as GitHub's are",
    }),
    repositories: z
      .array(RepositoryPattern)
      .min(1)
      .optional()
      .meta({ description: 'only these; default: all of the owners. A package must list the repository in any case' }),
  })
  .refine(
    ({ owners, repositories = [] }) => repositories.every((pattern) => owners.some(({ name }) => isOf(name, pattern))),
    {
      error: 'a pattern names repositories of another owner: only those of owners can roll out',
      path: ['repositories'],
    },
  )
  .refine((settings) => JSON.stringify(settings).length <= MOST_CHARACTERS, {
    error: `it has more than ${MOST_CHARACTERS} characters: use patterns`,
  })
  .meta({ description: 'routes that take the place of fasit for nais/fasit-deploy v4; default: there are none' });
export type FasitDeploy = z.infer<typeof FasitDeploy>;

/** Audiences that tokens may be made for: what is configured, else what GitHub takes when nobody names one, each owner's page. */
export function audiencesOf({ audiences, owners }: FasitDeploy): readonly string[] {
  return audiences ?? owners.map(({ name }) => `https://github.com/${name}`);
}
