/** Layers of values as a person reads and writes them, with their own rights in SSM Parameter Store. */
import { GetParameterCommand, ParameterNotFound, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';

/** Standard parameters hold 4 KB, advanced ones 8 KB (https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html). */
const STANDARD_BYTES = 4096;
const MOST_BYTES = 8192;

/** Reads and writes single parameters. */
export function parameterStore(client: SSMClient) {
  return {
    /** The latest version, if the parameter exists. */
    async get(name: string): Promise<{ version: number; value: string } | undefined> {
      try {
        const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
        return { version: Parameter?.Version ?? 0, value: decoded(Parameter?.Value ?? '') };
      } catch (error: unknown) {
        if (error instanceof ParameterNotFound) return undefined;
        throw error;
      }
    },

    /** Writes a new version and answers its number. Parameter Store refuses `{{`, so such a text goes as `base64:`. */
    async put(name: string, text: string): Promise<number> {
      const value = text.includes('{{') ? `base64:${Buffer.from(text).toString('base64')}` : text;
      const bytes = Buffer.byteLength(value);
      if (bytes > MOST_BYTES) {
        throw new Error(
          `the layer ${name} is ${bytes} bytes, and Parameter Store holds ${MOST_BYTES}: split it over labels and environments`,
        );
      }
      const { Version } = await client.send(
        new PutParameterCommand({
          Name: name,
          Value: value,
          Type: 'String',
          Overwrite: true,
          ...(bytes > STANDARD_BYTES && { Tier: 'Advanced' }),
        }),
      );
      return Version ?? 0;
    },
  };
}

function decoded(value: string): string {
  return value.startsWith('base64:') ? Buffer.from(value.slice('base64:'.length), 'base64').toString('utf8') : value;
}
