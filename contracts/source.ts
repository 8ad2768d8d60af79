/** One repository of `fairlead.yaml`, and which of its jobs may roll out what. */
import * as z from 'zod';
import { Name } from './name.ts';

/** GitHub's numeric id of an owner or a repository, which stays when names change hands. Text, as IAM and tokens have it. */
export const Digits = z.string().regex(/^\d{1,20}$/, "GitHub's number in quotes, such as '1000001'");

/**
 * What may follow `refs/heads/` or `refs/tags/`: what git allows in a ref, less `$`, which begins a variable in an IAM policy; a `*` only at the very end,
 * after something (https://git-scm.com/docs/git-check-ref-format).
 */
const REF = /^refs\/(heads|tags)\/[^\s~^:?*[\\$]+\*?$/;

const Ref = z
  .string()
  .regex(
    REF,
    'write a full ref such as refs/heads/main, or a narrow pattern such as refs/heads/release/* or refs/tags/v*: a * alone would let every branch in',
  );

const GithubEnvironment = z
  .string()
  .max(100)
  .regex(/^[^*?$]+$/, "name the GitHub environment exactly, without '*', '?' and '$'");

/** `owner/repo/.github/workflows/file.yml@ref`, the form of GitHub's claim (https://docs.github.com/en/actions/reference/security/oidc). */
const JobWorkflowRef = z
  .string()
  .regex(
    /^[\w.-]+\/[\w.-]+\/\.github\/workflows\/[\w.-]+\.ya?ml@(refs\/(heads|tags)\/[^\s~^:?*[\\$]+\*?|[0-9a-f]{40})$/,
    'write owner/repo/.github/workflows/file.yml@refs/heads/main; after @ a full ref, a narrow pattern such as refs/tags/v*, or a commit',
  );

export const Source = z
  .strictObject({
    name: Name.meta({ description: 'names the role: {installation}-source-{name}' }),
    repository: z.string().regex(/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/, 'owner/name'),
    ownerId: Digits.optional().meta({
      description: "GitHub's numeric id of the owner: gh api repos/{repository} --jq .owner.id",
    }),
    repositoryId: Digits.optional().meta({
      description: "GitHub's numeric id of the repository: gh api repos/{repository} --jq .id",
    }),
    refs: z.array(Ref).default([]).meta({ description: 'branches and tags whose jobs may assume the role' }),
    environments: z
      .array(GithubEnvironment)
      .default([])
      .meta({ description: 'GitHub environments whose jobs may assume the role, whatever their ref' }),
    jobWorkflowRef: JobWorkflowRef.optional().meta({
      description: 'the workflow file that must hold the job, a reusable workflow for instance',
    }),
    packages: z
      .array(Name)
      .min(1)
      // Each is a statement of the role's policies, of which IAM takes so many.
      .max(40, 'a source has at most 40 packages: split it in two, with a name each'),
    sessionMinutes: z
      .int()
      .min(15)
      .max(60)
      .default(60)
      .meta({ description: 'what workflows should ask for; AWS itself ends sessions after an hour (docs/adr/0013)' }),
  })
  .refine((s) => s.refs.length + s.environments.length > 0, {
    error: 'name at least one ref or environment',
    path: ['refs'],
  })
  .refine((s) => (s.ownerId === undefined) === (s.repositoryId === undefined), {
    error: "give both ids or neither: gh api repos/OWNER/NAME --jq '.owner.id, .id'",
    path: ['repositoryId'],
  });
export type Source = z.infer<typeof Source>;
