/** One cluster of EKS and its access entries, with the user's own rights. */
import {
  CreateAccessEntryCommand,
  DeleteAccessEntryCommand,
  DescribeAccessEntryCommand,
  DescribeClusterCommand,
  type EKSClient,
  ResourceInUseException,
  ResourceNotFoundException,
  UpdateAccessEntryCommand,
} from '@aws-sdk/client-eks';
import { ApiUnreachable, CredentialsMissing } from '../../contracts/api/client.ts';
import type { AccessEntry } from '../../domain/aws-auth/access-entry.ts';
import type { Described } from '../../domain/aws-auth/choose-way.ts';
import { modeOf } from './authentication-mode.ts';
import { toldPlainly } from './told-plainly.ts';

/** `raced`: somebody else was first, look again. `denied`: the right is missing that `because` names. */
export type EntryWritten = { readonly written: true } | { readonly written: false; readonly raced: true } | Denied;
export type EntryRead = { readonly entry: AccessEntry | undefined } | Denied;
interface Denied {
  readonly written: false;
  readonly raced: false;
  readonly because: string;
}

const DENIED = ['AccessDeniedException', 'AccessDenied'];

/** Answers about the cluster `name` of the client's account and region. What is neither a refusal nor a race is thrown in words. */
export function accessEntries(client: EKSClient, name: string) {
  const entryOf = (principalArn: string) => ({ clusterName: name, principalArn });
  const write = async (action: string, call: Promise<unknown>): Promise<EntryWritten> => {
    try {
      await call;
      return { written: true };
    } catch (error: unknown) {
      if (error instanceof ResourceInUseException || error instanceof ResourceNotFoundException) {
        return { written: false, raced: true };
      }
      return await denied(action, name, error);
    }
  };
  return {
    describe: () => describe(client, name),

    async read(principalArn: string): Promise<EntryRead> {
      try {
        const { accessEntry } = await client.send(new DescribeAccessEntryCommand(entryOf(principalArn)));
        if (accessEntry === undefined) return { entry: undefined };
        const { username = '', kubernetesGroups: groups = [], type = '', tags = {} } = accessEntry;
        return { entry: { principalArn, username, groups, type, tags } };
      } catch (error: unknown) {
        if (error instanceof ResourceNotFoundException) return { entry: undefined };
        return await denied('DescribeAccessEntry', name, error);
      }
    },

    create: ({ principalArn, username, groups, type, tags }: AccessEntry) => {
      const given = { ...entryOf(principalArn), username, kubernetesGroups: [...groups], type, tags };
      return write('CreateAccessEntry', client.send(new CreateAccessEntryCommand(given)));
    },

    update: ({ principalArn, username, groups }: AccessEntry) => {
      const given = { ...entryOf(principalArn), username, kubernetesGroups: [...groups] };
      return write('UpdateAccessEntry', client.send(new UpdateAccessEntryCommand(given)));
    },

    remove: (principalArn: string) =>
      write('DeleteAccessEntry', client.send(new DeleteAccessEntryCommand(entryOf(principalArn)))),
  };
}

async function describe(client: EKSClient, name: string): Promise<Described> {
  try {
    const { cluster } = await toldPlainly(
      `describe EKS cluster ${name}`,
      client.send(new DescribeClusterCommand({ name })),
    );
    return modeOf(cluster);
  } catch (error: unknown) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (cause instanceof ResourceNotFoundException)
      return { seen: 'not-found', because: `EKS knows no cluster ${name}` };
    if (isDenied(cause)) return { seen: 'nothing', because: `EKS does not let you describe cluster ${name}` };
    if (error instanceof CredentialsMissing || error instanceof ApiUnreachable) {
      return { seen: 'nothing', because: error.message };
    }
    throw error;
  }
}

async function denied(action: string, cluster: string, error: unknown): Promise<Denied> {
  if (isDenied(error)) return { written: false, raced: false, because: `you lack eks:${action} on cluster ${cluster}` };
  return await toldPlainly(`do eks:${action} on cluster ${cluster}`, Promise.reject(error));
}

const isDenied = (error: unknown) => error instanceof Error && DENIED.includes(error.name);
