/** What secrets an installation's packages may be given: part of `fairlead.yaml`, and of packages' entries. */
import * as z from 'zod';

/**
 * `ssm:NAME` or `secretsmanager:ARN`, without version or key; a `*` at the end stands for anything. A `*` by itself, or right behind
 * the service, would be everything, which nobody means.
 */
export const SecretPattern = z
  .string()
  .max(600)
  .regex(
    /^ssm:[A-Za-z0-9_./-]{2,1011}\*?$|^secretsmanager:arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]{1,512}\*?$/,
    "'ssm:NAME' or 'secretsmanager:ARN', with or without a '*' at the end",
  )
  .refine((pattern) => !/-service-helm-(values|secrets)|-environment-secret\./.test(pattern), {
    error: 'layers of packages and secrets of environments are not for others: name the shared secret itself',
  });

export const SecretSettings = z.strictObject({
  kmsKeys: z
    .array(
      z
        .string()
        .regex(
          /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]{1,80}$/,
          'the ARN of a key, arn:aws:kms:REGION:ACCOUNT:key/ID: policies know no aliases',
        ),
    )
    .max(50)
    .default([])
    .meta({
      description:
        "customer-managed keys of secrets; the keys' own policies have to let the role {name}-secrets decrypt",
    }),
  references: z.array(SecretPattern).max(50).default([]).meta({
    description:
      "parameters and secrets beside the packages' own that packages may be allowed to refer to, by 'references' of their entries",
  }),
});
export type SecretSettings = z.infer<typeof SecretSettings>;
