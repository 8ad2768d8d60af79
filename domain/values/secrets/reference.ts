/**
 * A value of a layer may refer to a secret instead of holding it: `ssm:NAME`, `ssm:NAME:VERSION`, or
 * `secretsmanager:ARN#KEY` (a key of the secret's JSON; the whole text without `#KEY`).
 */
export type Reference =
  | { readonly to: 'ssm'; readonly name: string; readonly version?: number }
  | { readonly to: 'secretsmanager'; readonly arn: string; readonly key?: string };

export type ReadReference =
  | { readonly is: 'plain' }
  | { readonly is: 'reference'; readonly reference: Reference }
  | { readonly is: 'broken'; readonly because: string };

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html#sysman-parameter-name-constraints */
const SSM = /^ssm:([A-Za-z0-9_./-]{1,1011})(?::([1-9]\d{0,9}))?$/;
const SECRETS_MANAGER =
  /^secretsmanager:(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]{1,512})(?:#([^\s#]{1,256}))?$/;

/** Only a whole text that begins so is one; what begins so and is none is broken rather than passed on as it is. */
export function readReference(text: string): ReadReference {
  if (!/^(ssm|secretsmanager):/.test(text)) return { is: 'plain' };
  const [, name, version] = SSM.exec(text) ?? [];
  if (name !== undefined) {
    const reference: Reference = { to: 'ssm', name, ...(version !== undefined && { version: Number(version) }) };
    return { is: 'reference', reference };
  }
  const [, arn, key] = SECRETS_MANAGER.exec(text) ?? [];
  if (arn !== undefined)
    return { is: 'reference', reference: { to: 'secretsmanager', arn, ...(key !== undefined && { key }) } };
  return { is: 'broken', because: "a reference is 'ssm:NAME', 'ssm:NAME:VERSION' or 'secretsmanager:ARN#KEY'" };
}
