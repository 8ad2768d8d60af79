/** Which names the repositories of an organisation may claim for themselves: part of `fairlead.yaml`. */
import * as z from 'zod';

/** `*` alone would give everything to everybody: it needs something beside it. */
const hasWords = (pattern: string) => /[a-z0-9]/i.test(pattern);
const WORDS = "write more than '*': such as '{repository}-*'";
const fewStars = (pattern: string) => pattern.split('*').length <= 3;
const STARS = "use '*' at most twice";

const RepositoryPattern = z
  .string()
  .regex(/^[\w.-]{1,100}\/([\w.-]+\*?|\*)$/, 'write owner/name, owner/prefix-* or owner/*')
  .meta({ example: 'acme/*' });

/** Of names as packages have them: `{repository}` is the repository's own name in lower case, `*` any letters, digits and dashes, or none. */
const NamePattern = z
  .string()
  .max(60)
  .regex(/^([a-z0-9-]|\*|\{repository\})+$/, "use a-z, 0-9, '-', '*' and '{repository}'")
  .refine(hasWords, WORDS)
  .refine(fewStars, STARS)
  .meta({ example: '{repository}-*' });

const ChartPattern = z
  .string()
  .max(300)
  .regex(
    /^oci:\/\/[a-z0-9.-]+(:\d+)?(\/([a-z0-9._-]|\*|\{repository\})+)+$/,
    "write oci://host/path, where '*' stands for letters within one part of the path",
  )
  .refine(fewStars, STARS)
  .meta({ example: 'oci://ghcr.io/acme/charts/*' });

export const ClaimRule = z.strictObject({
  repositories: z.array(RepositoryPattern).min(1).meta({ description: 'who may claim' }),
  packages: z.array(NamePattern).min(1).meta({ description: 'names that may be claimed' }),
  namespaces: z.array(NamePattern).min(1).meta({ description: 'namespaces they may name' }),
  charts: z
    .array(ChartPattern)
    .default([])
    .meta({ description: "charts they may name, beside the installation's own of the package's name" }),
  teamRequired: z.boolean().default(false).meta({
    description: 'claims have to name a team, so that Kubernetes keeps their charts within its rights',
  }),
});

/** Kept as one parameter of Parameter Store, which holds 4 KB. */
const MOST_CHARACTERS = 3500;

export const ClaimRules = z
  .array(ClaimRule)
  .refine((rules) => JSON.stringify(rules).length <= MOST_CHARACTERS, {
    error: `the rules have more than ${MOST_CHARACTERS} characters: use patterns`,
  })
  .default([])
  .meta({ description: 'what repositories may claim by their own .fairlead.yaml; default: nothing' });
