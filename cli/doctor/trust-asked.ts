import type { CallerRole } from '../../domain/doctor/caller-role.ts';
import type { TrustAsked } from './examine-trust.ts';
import type { Configured } from './ports.ts';

/** Whose trust is meant: the role that was named, that of a source of `fairlead.yaml`, or the caller's own when tokens open it. */
export function trustAsked(
  asked: TrustAsked,
  caller: CallerRole | undefined,
  configured: Pick<Configured, 'account' | 'name'> | undefined,
): TrustAsked {
  const { role, source, claims } = asked;
  if (role !== undefined) return { claims, role, source: source ?? sourceOf(role) };
  const account = configured?.account ?? caller?.account;
  if (source !== undefined) {
    const installation = configured?.name ?? caller?.installation;
    const known = account !== undefined && installation !== undefined;
    return { claims, source, role: known ? roleArn(account, `${installation}-source-${source}`) : undefined };
  }
  const opened = caller?.kind === 'source' || caller?.kind === 'workflow' ? caller : undefined;
  return { claims, source: opened?.source, role: opened && roleArn(opened.account, opened.role) };
}

const roleArn = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`;
const sourceOf = (role: string) => /-source-([a-z0-9-]+)$/.exec(role)?.[1];
