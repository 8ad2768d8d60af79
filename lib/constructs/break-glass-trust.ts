import { ArnPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/**
 * Who may assume the emergency role: users who have just shown a second factor, under their own name; and roles whose caller says who they are by a source
 * identity, which stays in CloudTrail through every role assumed after. A role's session cannot show a second factor of its own
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html). An account's root stands for both, and
 * neither way is open to the other kind.
 * @param who ARNs of users, roles and account roots, at least one
 */
export function breakGlassTrust(who: readonly string[]): readonly PolicyStatement[] {
  const users = who.filter((arn) => !arn.includes(':role/'));
  const roles = who.filter((arn) => !arn.includes(':user/'));
  return [
    ...statementFor(users, {
      sid: 'UsersWithSecondFactor',
      actions: ['sts:AssumeRole'],
      conditions: {
        Bool: { 'aws:MultiFactorAuthPresent': 'true' },
        // What the audit shows is the session's name, so it has to be the user's.
        StringEquals: { 'sts:RoleSessionName': '${aws:username}' },
      },
    }),
    ...statementFor(roles, {
      sid: 'RolesWithSourceIdentity',
      actions: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
      conditions: {
        StringLike: { 'sts:SourceIdentity': '?*' },
        // A root stands for users, too, who would get by without their second factor.
        ...(roles.some((arn) => arn.endsWith(':root')) && { ArnLike: { 'aws:PrincipalArn': 'arn:*:iam::*:role/*' } }),
      },
    }),
  ];
}

/** The same without conditions, for the local AWS, which knows no second factor and no source identity (MiniStack 1.5.33). */
export function breakGlassTrustForLocalAws(who: readonly string[]): readonly PolicyStatement[] {
  return statementFor(who, { sid: 'Anybody', actions: ['sts:AssumeRole'], conditions: {} });
}

interface Words {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly conditions: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

function statementFor(who: readonly string[], { sid, actions, conditions }: Words): readonly PolicyStatement[] {
  if (who.length === 0) return [];
  const principals = who.map((arn) => new ArnPrincipal(arn));
  return [new PolicyStatement({ sid, principals, actions: [...actions], conditions })];
}
