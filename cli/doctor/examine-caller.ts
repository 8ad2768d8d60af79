import type { WhoAmI } from '../../contracts/looks.ts';
import { callerRole } from '../../domain/doctor/caller-role.ts';
import type { Finding } from '../../domain/doctor/finding.ts';

const FIXES: Readonly<Record<Exclude<WhoAmI, { known: true }>['code'], string>> = {
  missing:
    "sign in: in a workflow with aws-actions/configure-aws-credentials or the Fairlead Action, elsewhere with 'aws sso login' and --profile",
  refused:
    "the session has ended or is of nobody: sign in again ('aws sso login'), and unset AWS_* variables that are left over",
  unreachable: 'check the way to STS: proxy, firewall, VPC endpoint; AWS_ENDPOINT_URL when it is a local stack',
};

/** Who signs, by STS, and whether that is a role of Fairlead's. */
export function examineCaller(me: WhoAmI): readonly Finding[] {
  const line = { area: 'caller', check: 'identity' } as const;
  if (!me.known) {
    const state = me.code === 'unreachable' ? 'warn' : 'fail';
    return [{ ...line, state, says: me.because, fix: FIXES[me.code] }];
  }
  const role = callerRole(me.arn);
  if (role?.kind === undefined) {
    const fix = 'assume {name}-operator, {name}-reader or the role of a source; cdk deploy printed their ARNs';
    return [{ ...line, state: 'fail', says: `${me.arn} is none of an installation's roles`, fix }];
  }
  return [{ ...line, state: 'ok', says: `${role.role} in account ${role.account}, session ${role.session}` }];
}
