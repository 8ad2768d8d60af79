/** Which SSM parameter holds a secret value of an environment? SecureString, one for each key, under the installation's prefix. */

/** What Parameter Store allows in a name, without `/`: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html#sysman-parameter-name-constraints */
const KEY = /^[A-Za-z0-9_.-]{1,128}$/;

/** Whether an environment's secret can be called so. */
export const canNameSecret = (key: string): boolean => KEY.test(key);

/**
 * `{prefix}{environment}-environment-secret.{key}`
 * @param prefix `values.prefix` of `fairlead.yaml`: empty, or a path that ends in `/`
 */
export function environmentSecretName(prefix: string, environment: string, key: string): string {
  return `${prefix}${environment}-environment-secret.${key}`;
}

/** Whose secret a parameter of this name is, if any: names of environments have no dots, so there is one answer. */
export function environmentSecretNamed(
  prefix: string,
  name: string,
): { readonly environment: string; readonly key: string } | undefined {
  if (!name.startsWith(prefix)) return undefined;
  const [, environment, key] =
    /^([a-z0-9-]+)-environment-secret\.([A-Za-z0-9_.-]+)$/.exec(name.slice(prefix.length)) ?? [];
  return environment === undefined || key === undefined ? undefined : { environment, key };
}
