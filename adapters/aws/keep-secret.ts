/** Writes secrets of environments into Parameter Store as SecureStrings. What is in them is never read back here. */
import { PutParameterCommand, type SSMClient, SSMServiceException } from '@aws-sdk/client-ssm';
import type { KeepSecret } from '../../domain/values/ports.ts';

export interface KeepSecretProps {
  readonly client: SSMClient;
  /** Key of the installation's for them; undefined for the one that AWS manages for Parameter Store. */
  readonly keyId?: string | undefined;
}

/**
 * The port `KeepSecret`. What Parameter Store refuses is told by its name: its words could quote the text.
 * @throws what is no answer of Parameter Store's
 */
export function keepSecret({ client, keyId }: KeepSecretProps): KeepSecret {
  return async (name, text) => {
    const parameter = { Name: name, Value: text, Type: 'SecureString', Overwrite: true } as const;
    try {
      const { Version } = await client.send(new PutParameterCommand({ ...parameter, ...(keyId && { KeyId: keyId }) }));
      if (Version === undefined)
        return { kept: false, because: `Parameter Store did not say which version of ${name} it wrote` };
      return { kept: true, version: Version };
    } catch (error) {
      if (!(error instanceof SSMServiceException)) throw error;
      return { kept: false, because: `Parameter Store does not take ${name}: ${error.name}` };
    }
  };
}
