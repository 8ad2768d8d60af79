/** The command that lets a deployer into a namespace, or lets it act as an account there. */
import { accountOf, PLATFORM_ACCOUNT, userOf } from './acting-as.ts';

export interface Granting {
  readonly environment: string;
  /** As the package has it: the command adds the environment's suffix itself. */
  readonly namespace: string;
  /** User that helm acts as, if any. */
  readonly actAs?: string | undefined;
}

/** `fairlead cluster grant …` with all that this deployment needs. */
export function grantCommand({ environment, namespace, actAs }: Granting): string {
  const grant = `fairlead cluster grant --environment ${environment}`;
  if (actAs === userOf(PLATFORM_ACCOUNT)) return `${grant} --platform`;
  const account = accountOf(actAs ?? '');
  const namespaced = `${grant} --namespace ${namespace}`;
  return account === undefined ? namespaced : `${namespaced} --team ${account.name}`;
}
