/** What STS's `GetCallerIdentity` answers when asked for JSON, and what aws-iam-authenticator reads. */
export interface CallerIdentityJson {
  readonly GetCallerIdentityResponse: {
    readonly GetCallerIdentityResult: { readonly Account: string; readonly Arn: string; readonly UserId: string };
    readonly ResponseMetadata: { readonly RequestId: string };
  };
}

/**
 * STS's XML answer to `GetCallerIdentity` as STS's JSON. Real STS chooses by the Accept header; MiniStack knows XML only.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 * @returns undefined when the XML is not such an answer.
 */
export function callerIdentityJson(xml: string): CallerIdentityJson | undefined {
  const Account = elementIn(xml, 'Account');
  const Arn = elementIn(xml, 'Arn');
  const UserId = elementIn(xml, 'UserId');
  if (Account === undefined || Arn === undefined || UserId === undefined) return undefined;
  const RequestId = elementIn(xml, 'RequestId') ?? '';
  return {
    GetCallerIdentityResponse: { GetCallerIdentityResult: { Account, Arn, UserId }, ResponseMetadata: { RequestId } },
  };
}

/** STS's XML error as STS's JSON error: `{ Error: { Code, Message, Type } }`. */
export function stsErrorJson(xml: string): {
  readonly Error: { readonly Code: string; readonly Message: string; readonly Type: string };
} {
  return {
    Error: {
      Code: elementIn(xml, 'Code') ?? 'InternalFailure',
      Message: elementIn(xml, 'Message') ?? 'the answer of STS could not be read',
      Type: elementIn(xml, 'Type') ?? 'Sender',
    },
  };
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function elementIn(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text?.replaceAll(/&(lt|gt|amp|quot|apos);/g, (entity, key: string) => ENTITIES[key] ?? entity);
}
