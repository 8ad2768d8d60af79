/** May a repository take this name for its own? The operator's rules decide, each as a whole: names and namespaces of different rules do not mix. */
import { PLATFORM_ACCOUNT } from './acting-as.ts';
import type { VerifiedClaims } from './items/rollout.ts';
import type { Answer } from './source-rights.ts';

/** Patterns: `*` stands for letters, digits and dashes (of a chart: for one part of its path), `{repository}` for the repository's name in lower case. */
export interface ClaimRule {
  /** `owner/name`, `owner/prefix-*` or `owner/*`. */
  readonly repositories: readonly string[];
  readonly packages: readonly string[];
  readonly namespaces: readonly string[];
  /** Beside the installation's own chart of the package's name, which every rule gives. */
  readonly charts: readonly string[];
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
  /** `oci://host/path`. */
  readonly chart: string;
  /** The installation's own place for a chart of the package's name. */
  readonly usualChart: string;
  /** Who lives in the namespace already and is not the repository's own, in words. */
  readonly neighbour?: string | undefined;
}

/** Whether one of `rules` gives these names to the repository of `claims`. */
export function mayClaim(rules: readonly ClaimRule[], claims: VerifiedClaims, names: ClaimedNames): Answer {
  const { repository } = claims;
  const own = rules.filter((rule) => rule.repositories.some((pattern) => matchesRepository(pattern, repository)));
  if (own.length === 0) {
    return denied(`repository ${repository} may not claim anything: an operator can add a rule for it to selfService`);
  }
  const reserved = whyReserved(names.namespace);
  if (reserved !== undefined) return denied(reserved);
  const name = repository.slice(repository.indexOf('/') + 1).toLowerCase();
  const named = own.filter(({ packages }) => packages.some((pattern) => matchesName(pattern, name, names.package)));
  if (named.length === 0)
    return denied(
      wrongName(
        'package',
        names.package,
        own.flatMap(({ packages }) => packages),
      ),
    );
  const placed = named.filter(({ namespaces }) => namespaces.some((p) => matchesName(p, name, names.namespace)));
  if (placed.length === 0) {
    return denied(
      wrongName(
        'namespace',
        names.namespace,
        named.flatMap(({ namespaces }) => namespaces),
      ),
    );
  }
  const open = placed.filter(({ namespaces }) => names.neighbour === undefined || namespaces.includes(names.namespace));
  if (open.length === 0) {
    return denied(
      `namespace ${names.namespace} cannot be claimed: ${names.neighbour} lives there, and only a rule that names it by the letter lets others in`,
    );
  }
  const releases = [names.package, ...open.flatMap(({ packages }) => packages)];
  if (!releases.some((pattern) => matchesName(pattern, name, names.release))) {
    return denied(wrongName('release', names.release, releases));
  }
  if (names.chart === names.usualChart) return { allowed: true };
  if (open.some(({ charts }) => charts.some((p) => matchesName(p, name, names.chart)))) return { allowed: true };
  return denied(wrongName('chart', names.chart, [names.usualChart, ...open.flatMap(({ charts }) => charts)]));

  function wrongName(what: string, wrong: string, patterns: readonly string[]): string {
    const may = [...new Set(patterns)].map((pattern) => pattern.replaceAll('{repository}', name)).join(', ');
    return `${repository} may not claim the ${what} ${wrong}: the rules of this installation give it ${may}`;
  }
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
