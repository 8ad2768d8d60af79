/** The registry of packages, as the API speaks of it. */
import * as z from 'zod';
import { EXECUTORS, PROFILES, QUEUE_MODES, VALUES_ROLLOUTS } from '../../domain/items/registry.ts';
import { Name, Time } from '../name.ts';
import { SecretPattern } from '../secret-settings.ts';
import { Stages } from '../stage.ts';

/** Parts of a path, `{version}` among them. */
const PATH = String.raw`(\/[A-Za-z0-9._~%+-]*(\{version\}[A-Za-z0-9._~%+-]*)*)+`;
const PLACES = [
  // https://helm.sh/docs/topics/registries/
  /^oci:\/\/[a-z0-9.-]+(:\d+)?(\/[a-z0-9]+([._-][a-z0-9]+)*)+$/,
  // https://helm.sh/docs/topics/chart_repository/, or one archive a version; plain HTTP from this very machine, for local stacks
  new RegExp(`^(https://[a-z0-9.-]+(:\\d+)?|http://(127\\.0\\.0\\.1|localhost):\\d+)${PATH}$`),
  /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[A-Za-z0-9!_.*'()-]+)+$/,
] as const;

/** Without a version: a package's chart is always of the version that is rolled out. */
export const ChartPlace = z
  .string()
  .max(300)
  .superRefine((place, { addIssue }) => {
    const trouble = placeTrouble(place);
    if (trouble !== undefined) addIssue({ code: 'custom', message: trouble });
  })
  .meta({
    description:
      'place of the chart, without version: oci://HOST/PATH/NAME; https://HOST/PATH/NAME of a helm repository, whose index is https://HOST/PATH/index.yaml; https://HOST/…/NAME-{version}.tgz; or s3://BUCKET/PREFIX/NAME, with objects PREFIX/NAME-VERSION.tgz',
    example: 'oci://123456789012.dkr.ecr.eu-north-1.amazonaws.com/charts/webui',
  });

function placeTrouble(place: string): string | undefined {
  if (!PLACES.some((form) => form.test(place))) {
    return "a chart's place looks like oci://host/charts/name, https://host/path/name, https://host/path/name-{version}.tgz or s3://bucket/path/name, without a version";
  }
  if (place.startsWith('oci://') || place.startsWith('s3://')) return undefined;
  if (place.endsWith('/') || place.endsWith('/index.yaml')) {
    return 'behind the place of the repository comes the name of the chart: https://host/path/name';
  }
  if (!place.endsWith('.tgz') || place.includes('{version}')) return undefined;
  return "an archive's place has {version} where the version stands: https://host/path/name-{version}.tgz";
}

/** A service account's name, as a DNS label (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names). */
export const Team = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "a service account is named with 1 to 63 of a-z, 0-9 and '-', beginning and ending with a letter or digit",
  )
  .meta({
    description: "service account of the package's namespace that helm acts as; default: the deployer itself",
    example: 'web-team',
  });

/** The fields of an entry, each by itself. */
export const PackageFields = z.strictObject({
  chart: ChartPlace.optional().meta({
    description: "default: the installation's chart registry and the package's name",
  }),
  release: Name.optional().meta({ description: "helm's release name; default: the package's name" }),
  namespace: Name,
  repositories: z
    .array(z.string().regex(/^[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}$/, 'a repository is owner/name'))
    .max(50)
    .default([])
    .meta({ description: 'repositories that may roll it out' }),
  stages: Stages.optional(),
  timeoutMinutes: z.number().min(0.1).max(60).default(5).meta({ description: 'minutes until a release must be ready' }),
  forceConflicts: z
    .boolean()
    .default(false)
    .meta({ description: 'take fields over from other managers (server-side apply)' }),
  queue: z.enum(QUEUE_MODES).exactOptional().meta({
    description:
      'queue: every version in order; supersede: the newest of those that wait; reject: one at a time. Default: queue',
  }),
  executor: z.enum(EXECUTORS).exactOptional().meta({
    description:
      'codebuild: helm always runs in a build; default: in the function, unless hooks or time speak against it',
  }),
  shortHooks: z
    .boolean()
    .exactOptional()
    .meta({ description: 'its post-install and post-upgrade hooks end within minutes, so that no build is needed' }),
  team: Team.exactOptional(),
  valuesRollout: z.enum(VALUES_ROLLOUTS).exactOptional().meta({
    description:
      'when a layer of its values changes: auto rolls it out, plan-only shows what it would change, off does nothing. Default: plan-only',
  }),
  references: z
    .array(SecretPattern)
    .max(20)
    .exactOptional()
    .meta({
      description:
        "secrets beside its own that its layers may refer to; fairlead.yaml's secrets.references has to allow them too",
      example: ['ssm:/shared/smtp'],
    }),
  profile: z.enum(PROFILES).exactOptional().meta({
    description: "platform: helm acts as Fairlead's platform account, which equals cluster-admin; default: namespaced",
  }),
});

export const PackageBody = PackageFields.refine(({ team, profile }) => team === undefined || profile !== 'platform', {
  error: 'a platform package acts as the platform account: leave out either team or profile',
  path: ['team'],
}).meta({ id: 'PackageBody' });

export const PackageView = z
  .object({
    name: Name,
    chart: z.string(),
    release: z.string(),
    namespace: z.string(),
    repositories: z.array(z.string()),
    stages: Stages.optional(),
    timeoutMinutes: z.number(),
    forceConflicts: z.boolean(),
    queue: z.enum(QUEUE_MODES).exactOptional(),
    executor: z.enum(EXECUTORS).exactOptional(),
    shortHooks: z.boolean().exactOptional(),
    team: z.string().exactOptional(),
    profile: z.enum(PROFILES).exactOptional(),
    valuesRollout: z.enum(VALUES_ROLLOUTS).exactOptional(),
    references: z.array(z.string()).exactOptional(),
    claimedBy: z
      .object({ repository: z.string(), repositoryId: z.string(), ref: z.string(), sha: z.string() })
      .exactOptional()
      .meta({ description: 'the repository whose .fairlead.yaml keeps this entry; absent when operators do' }),
    revision: z.int().meta({ description: 'send it back as If-Match to guard against concurrent edits' }),
    updatedAt: Time,
    updatedBy: z.string(),
  })
  .meta({ id: 'Package' });

export const PackageList = z.object({ packages: z.array(PackageView) }).meta({ id: 'PackageList' });
export type PackageBody = z.infer<typeof PackageBody>;
export type PackageView = z.infer<typeof PackageView>;
