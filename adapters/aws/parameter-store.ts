/** Layers of values as a person reads and writes them, with their own rights in SSM Parameter Store. */
import { GetParameterCommand, ParameterNotFound, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { NotDone } from '../../contracts/not-done.ts';
import { toldPlainly } from './told-plainly.ts';

/** Standard parameters hold 4 KB, advanced ones 8 KB (https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html). */
const STANDARD_BYTES = 4096;
const MOST_BYTES = 8192;

/** Reads and writes single parameters. */
export function parameterStore(client: SSMClient) {
  return {
    /** The latest version, if the parameter exists. */
    async get(name: string): Promise<{ version: number; value: string } | undefined> {
      const asked = client.send(new GetParameterCommand({ Name: name })).catch((error: unknown) => {
        if (error instanceof ParameterNotFound) return undefined;
        throw error;
      });
      const found = (await toldPlainly(`read the layer ${name}`, asked))?.Parameter;
      if (found?.Version === undefined || found.Value === undefined) return undefined;
      return { version: found.Version, value: decoded(found.Value) };
    },

    /**
     * Writes a new version and answers its number. Parameter Store refuses `{{`, so such a text goes as `base64:`, and so does one that
     * would be read as a form of its own.
     */
    async put(name: string, text: string): Promise<number> {
      const value = /\{\{|^base64:|^s3:\/\//.test(text) ? `base64:${Buffer.from(text).toString('base64')}` : text;
      const bytes = Buffer.byteLength(value);
      if (bytes > MOST_BYTES) {
        throw new NotDone(
          `the layer ${name} is ${bytes} bytes, and Parameter Store holds ${MOST_BYTES}: split it over labels and environments`,
        );
      }
      const command = new PutParameterCommand({
        Name: name,
        Value: value,
        Type: 'String',
        Overwrite: true,
        ...(bytes > STANDARD_BYTES && { Tier: 'Advanced' }),
      });
      const { Version } = await toldPlainly(`write the layer ${name}`, client.send(command));
      if (Version === undefined) throw new Error(`Parameter Store wrote ${name} but did not say its version`);
      return Version;
    },
  };
}

function decoded(value: string): string {
  return value.startsWith('base64:') ? Buffer.from(value.slice('base64:'.length), 'base64').toString('utf8') : value;
}
