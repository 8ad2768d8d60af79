/** What a session that reads one package's secrets may do: the policy that is handed to STS with it. */
import { partitionOf } from '../../domain/deployment/deployer-role.ts';
import type { SecretScope } from '../../domain/values/ports.ts';
import { covers, referenceText } from '../../domain/values/secrets/may-refer.ts';
import type { Reference } from '../../domain/values/secrets/reference.ts';

export interface SecretsPlace {
  readonly account: string;
  readonly region: string;
  /** `values.prefix` of `fairlead.yaml`. */
  readonly prefix: string;
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (Policy) */
const MOST_CHARACTERS = 2048;

/**
 * The package's own layers of secrets, secrets of environments, and what its entry names; the role's own policy is the other half.
 * Where all that the entry names does not fit into a session's policy, what covers `reference` has to do.
 */
export function sessionPolicy(place: SecretsPlace, scope: SecretScope, reference?: Reference): string {
  const all = policy(place, scope);
  if (all.length <= MOST_CHARACTERS) return all;
  const text = reference === undefined ? undefined : referenceText(reference);
  const covering = text === undefined ? undefined : scope.allowed.find((pattern) => covers(pattern, text));
  return policy(place, { ...scope, allowed: covering === undefined ? [] : [covering] });
}

function policy(place: SecretsPlace, { package: pkg, allowed }: SecretScope): string {
  const { account, region, prefix } = place;
  const partition = partitionOf(region);
  const parameter = (name: string) =>
    `arn:${partition}:ssm:${region}:${account}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
  // Packages' names have no dots: `web-service-helm-secrets.*` is none of package `web-service-helm-secrets-x`.
  const own = [`${prefix}${pkg}-service-helm-values`, `${prefix}${pkg}-service-helm-secrets`];
  const parameters = [
    // Whether a version is part of what is asked for is nowhere said; no name has a colon.
    ...own.flatMap((name) => [name, `${name}:*`, `${name}.*`]),
    `${prefix}*-environment-secret.*`,
    ...allowed.flatMap((pattern) => (pattern.startsWith('ssm:') ? versioned(pattern.slice(4)) : [])),
  ].map(parameter);
  const secrets = allowed.flatMap((pattern) => secretArns(pattern));
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'ssm:GetParameter', Resource: parameters },
      ...(secrets.length === 0
        ? []
        : [{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: secrets }]),
      // The role's own policy says which keys, and by which services.
      { Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' },
    ],
  });
}

const versioned = (name: string) => (name.endsWith('*') ? [name] : [name, `${name}:*`]);

/** Secrets Manager adds a hyphen and six letters of its own to each name. */
function secretArns(pattern: string): readonly string[] {
  if (!pattern.startsWith('secretsmanager:')) return [];
  const arn = pattern.slice('secretsmanager:'.length);
  return arn.endsWith('*') ? [arn] : [arn, `${arn}-??????`];
}
