/** Layers of values as a person reads and writes them, with their own rights in SSM Parameter Store. Nothing is decrypted. */
import {
  DeleteParameterCommand,
  GetParameterCommand,
  ParameterAlreadyExists,
  type ParameterHistory,
  type ParameterMetadata,
  ParameterNotFound,
  ParameterVersionNotFound,
  PutParameterCommand,
  paginateDescribeParameters,
  paginateGetParameterHistory,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import type { LayerStore, PutParameter } from '../../contracts/layer-store.ts';
import { NotDone } from '../../contracts/not-done.ts';
import { ssmParameters } from './ssm-parameters.ts';
import { toldPlainly } from './told-plainly.ts';

/** Parameters by name. @throws NotDone, ApiUnreachable, CredentialsMissing in words for the person who called. */
export function parameterStore(client: SSMClient): Omit<LayerStore, 'bucket'> {
  const parameters = ssmParameters({ client });
  return {
    get: async (name: string, version?: number) => {
      const Name = version === undefined ? name : `${name}:${version}`;
      const asked = client.send(new GetParameterCommand({ Name, WithDecryption: false })).catch(absent);
      const found = (await toldPlainly(`read ${name}`, asked))?.Parameter;
      if (found?.Version === undefined || found.Value === undefined) return undefined;
      return version === undefined || found.Version === version
        ? { version: found.Version, value: found.Value }
        : undefined;
    },

    latest: (names: readonly string[]) => toldPlainly('read the layers', parameters.latest(names)),

    put: async ({ from, name, value, anew, advanced, secret }: PutParameter): Promise<number | 'exists'> => {
      const command = new PutParameterCommand({
        Name: name,
        Value: value,
        Type: secret === undefined ? 'String' : 'SecureString',
        Overwrite: !anew,
        // Kept with each version, so that who comes next knows what was changed in it.
        Description: from === undefined ? 'layer of helm values' : `${FROM}${from}`,
        ...(secret?.keyId !== undefined && { KeyId: secret.keyId }),
        ...(advanced && { Tier: 'Advanced' }),
      });
      const sent = client.send(command).catch((error: unknown) => {
        if (anew && error instanceof ParameterAlreadyExists) return 'exists' as const;
        throw error;
      });
      const answer = await toldPlainly(`write ${name}`, sent);
      if (answer === 'exists') return 'exists';
      if (answer.Version === undefined) throw new Error(`Parameter Store wrote ${name} but did not say its version`);
      return answer.Version;
    },

    history: async (name: string) => {
      const pages = paginateGetParameterHistory({ client }, { Name: name, WithDecryption: false, MaxResults: 50 });
      const found = await toldPlainly(
        `read the history of ${name}`,
        collected(pages, ({ Parameters = [] }) => Parameters),
      );
      return found.flatMap(versionOf).toSorted((a, b) => a.version - b.version);
    },

    list: async (beginning: string) => {
      const filter = { Key: 'Name', Option: 'BeginsWith', Values: [beginning] };
      const pages = paginateDescribeParameters({ client }, { ParameterFilters: [filter], MaxResults: 50 });
      const found = await toldPlainly(
        `list ${beginning}…`,
        collected(pages, ({ Parameters = [] }) => Parameters),
      );
      return found.flatMap(parameterOf).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },

    remove: async (name: string): Promise<'removed' | 'absent'> => {
      const sent = client.send(new DeleteParameterCommand({ Name: name })).catch(absent);
      return (await toldPlainly(`delete ${name}`, sent)) === undefined ? 'absent' : 'removed';
    },
  };
}

function absent(error: unknown): undefined {
  if (error instanceof ParameterNotFound || error instanceof ParameterVersionNotFound) return undefined;
  throw error;
}

/** Whoever pages for ever is not asked for ever. */
const MOST_PAGES = 100;

async function collected<P, T>(pages: AsyncIterable<P>, of: (page: P) => readonly T[]): Promise<T[]> {
  const found: T[] = [];
  let seen = 0;
  try {
    for await (const page of pages) {
      found.push(...of(page));
      if (++seen >= MOST_PAGES)
        throw new NotDone(`Parameter Store answered more than ${MOST_PAGES} pages: name it more narrowly`);
    }
  } catch (error) {
    return absent(error) ?? [];
  }
  return found;
}

const FROM = 'layer of helm values, from version ';

function versionOf({ Version, Value, LastModifiedDate, LastModifiedUser, Description = '' }: ParameterHistory) {
  if (Version === undefined || Value === undefined) return [];
  const from = Description.startsWith(FROM) ? Number(Description.slice(FROM.length)) : Number.NaN;
  const whence = Number.isSafeInteger(from) && from < Version ? { from } : {};
  return [{ version: Version, value: Value, ...whence, ...seen(LastModifiedDate, LastModifiedUser) }];
}

function parameterOf({ Name, Version, Type, LastModifiedDate, LastModifiedUser }: ParameterMetadata) {
  if (Name === undefined || Version === undefined) return [];
  const secret = Type === 'SecureString';
  return [{ name: Name, version: Version, secret, ...seen(LastModifiedDate, LastModifiedUser) }];
}

const seen = (at: Date | undefined, by: string | undefined) => ({
  ...(at !== undefined && { at: at.toISOString() }),
  ...(by !== undefined && { by }),
});
