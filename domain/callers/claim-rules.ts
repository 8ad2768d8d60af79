/** May a repository take this name for its own? The operator's rules decide, each as a whole: names and namespaces of different rules do not mix. */
import { PLATFORM_ACCOUNT } from '../deployment/acting-as.ts';
import type { VerifiedClaims } from '../items/rollout.ts';
import type { Answer } from './source-rights.ts';

/** Patterns: `*` stands for letters, digits and dashes (of a chart: for one part of its path), `{repository}` for the repository's name in lower case. */
export interface ClaimRule {
  /** `owner/name`, `owner/prefix-*` or `owner/*`. */
  readonly repositories: readonly string[];
  readonly packages: readonly string[];
  readonly namespaces: readonly string[];
  /** Beside the installation's own chart of the package's name, which every rule gives. */
  readonly charts: readonly string[];
  /** Whether a claim has to name the service account that helm acts as, so that Kubernetes keeps it within its namespace. */
  readonly teamRequired?: boolean | undefined;
}

/** `selfService` of `fairlead.yaml`. */
export interface SelfService {
  readonly owner: string;
  /** GitHub's number of the organisation: a name can change hands. */
  readonly ownerId: string;
  readonly claims: readonly ClaimRule[];
}

export interface ClaimedNames {
  readonly package: string;
  readonly namespace: string;
  readonly release: string;
  readonly team?: string | undefined;
  /** `oci://host/path`. */
  readonly chart: string;
  /** The installation's own place for a chart of the package's name. */
  readonly usualChart: string;
  /** Who lives in the namespace already and is not the repository's own, in words. */
  readonly neighbour?: string | undefined;
}

/** One look at the rules that are left: which of them go on giving, and what is said when none does. */
interface Step {
  readonly gives: (rule: ClaimRule) => boolean;
  readonly otherwise: (left: readonly ClaimRule[]) => string;
}

/** Whether one of `rules` gives these names to the repository of `claims`. */
export function mayClaim(rules: readonly ClaimRule[], claims: VerifiedClaims, names: ClaimedNames): Answer {
  const reserved = whyReserved(names.namespace);
  let left = rules;
  for (const { gives, otherwise } of stepsOf(claims.repository, names)) {
    const kept = left.filter(gives);
    if (kept.length === 0) return denied(otherwise(left));
    // Said only to those who may claim something at all.
    if (reserved !== undefined) return denied(reserved);
    left = kept;
  }
  return { allowed: true };
}

function stepsOf(repository: string, names: ClaimedNames): readonly Step[] {
  const own = repository.slice(repository.indexOf('/') + 1).toLowerCase();
  const fits = (text: string) => (pattern: string) => matchesName(pattern, own, text);
  const among = (what: string, wrong: string, patterns: readonly string[]) => {
    const may = [...new Set(patterns)].map((pattern) => pattern.replaceAll('{repository}', own)).join(', ');
    return `${repository} may not claim the ${what} ${wrong}: the rules of this installation give it ${may}`;
  };
  const { package: pkg, namespace, release, chart, usualChart, neighbour } = names;
  return [
    {
      gives: ({ repositories }) => repositories.some((pattern) => matchesRepository(pattern, repository)),
      otherwise: () =>
        `repository ${repository} may not claim anything: an operator can add a rule for it to selfService`,
    },
    {
      gives: ({ packages }) => packages.some(fits(pkg)),
      otherwise: (left) =>
        among(
          'package',
          pkg,
          left.flatMap(({ packages }) => packages),
        ),
    },
    {
      gives: ({ namespaces }) => namespaces.some(fits(namespace)),
      otherwise: (left) =>
        among(
          'namespace',
          namespace,
          left.flatMap(({ namespaces }) => namespaces),
        ),
    },
    {
      gives: ({ namespaces }) => neighbour === undefined || namespaces.includes(namespace),
      otherwise: () =>
        `namespace ${namespace} cannot be claimed: ${neighbour} lives there, and only a rule that names it by the letter lets others in`,
    },
    {
      gives: ({ packages }) => release === pkg || packages.some(fits(release)),
      otherwise: (left) => among('release', release, [pkg, ...left.flatMap(({ packages }) => packages)]),
    },
    {
      gives: ({ charts }) => chart === usualChart || charts.some(fits(chart)),
      otherwise: (left) => among('chart', chart, [usualChart, ...left.flatMap(({ charts }) => charts)]),
    },
    {
      gives: ({ teamRequired }) => teamRequired !== true || names.team !== undefined,
      otherwise: () =>
        `${repository} has to claim package ${pkg} with a team, the service account of namespace ${namespace} that helm acts as: add team to .fairlead.yaml`,
    },
  ];
}

const denied = (because: string): Answer => ({ allowed: false, because });

/**
 * `kube-` is Kubernetes' own (https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#working-with-namespaces), and `default` is
 * everybody's. Whoever may name a team in the platform account's namespace may name that account. An environment's suffix may follow, so what one turns into
 * such a namespace is with them.
 */
function whyReserved(namespace: string): string | undefined {
  const isOrBecomes = (reserved: string) => reserved === namespace || reserved.startsWith(`${namespace}-`);
  const whose =
    namespace === 'default' || namespace === 'kube' || namespace.startsWith('kube-')
      ? 'the cluster'
      : isOrBecomes(PLATFORM_ACCOUNT.namespace)
        ? 'Fairlead itself'
        : undefined;
  if (whose === undefined) return undefined;
  return `namespace ${namespace} cannot be claimed: it belongs to ${whose}, and an operator can register the package there`;
}

/** GitHub compares names without case. */
function matchesRepository(pattern: string, repository: string): boolean {
  return expression(pattern.toLowerCase(), /[\w.-]*/).test(repository.toLowerCase());
}

function matchesName(pattern: string, repository: string, text: string): boolean {
  // Letters of a chart's path are more than those of names; a name has none of the others anyway.
  return expression(pattern.replaceAll('{repository}', repository), /[a-z0-9._-]*/).test(text);
}

/** The pattern as an expression in which everything but `*` is meant by the letter. */
function expression(pattern: string, star: RegExp): RegExp {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&'));
  return new RegExp(`^${parts.join(star.source)}$`);
}
