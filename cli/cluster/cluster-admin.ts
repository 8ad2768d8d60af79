/** A cluster as its administrator reaches it: what `cluster connect` and `cluster disconnect` are handed. */
import type { AccessEntry } from '../../domain/aws-auth/access-entry.ts';
import type { Described } from '../../domain/aws-auth/choose-way.ts';
import type { MapRole } from '../../domain/aws-auth/map-role.ts';

/** Which cluster, and with whose rights. */
export interface ClusterReach {
  readonly cluster: { readonly name: string; readonly account: string; readonly region: string };
  /** AWS profile that may see the cluster. @default the one that signs for the API */
  readonly clusterProfile?: string | undefined;
  /** @default KUBECONFIG, the running local stack's, kubectl's own place */
  readonly kubeconfig?: string | undefined;
  /** @default the context that means the cluster */
  readonly context?: string | undefined;
}

/** `raced`: somebody else was first, look again. Else `because` names the right that is missing. */
export type Written =
  | { readonly written: true }
  | { readonly written: false; readonly raced: true }
  | { readonly written: false; readonly raced: false; readonly because: string };

/** What a look at `aws-auth` came to. */
export type AwsAuthProposal =
  | { readonly outcome: 'right' | 'refused' | 'denied'; readonly because: string }
  | {
      readonly outcome: 'changed';
      readonly because: string;
      /** The text of mapRoles. */
      readonly before: string;
      readonly after: string;
      readonly keptInAFile: boolean;
      /** The copy's path; undefined when there was nothing. */
      backUp(): Promise<string | undefined>;
      write(): Promise<Written>;
    };

export interface ClusterAdmin {
  readonly eks: {
    describe(): Promise<Described>;
    read(principalArn: string): Promise<{ readonly entry: AccessEntry | undefined } | { readonly because: string }>;
    create(entry: AccessEntry): Promise<Written>;
    update(entry: AccessEntry): Promise<Written>;
    remove(principalArn: string): Promise<Written>;
  };
  readonly awsAuth: {
    connect(entry: MapRole, mayCreate: boolean): Promise<AwsAuthProposal>;
    disconnect(entry: MapRole): Promise<AwsAuthProposal>;
  };
  readonly grants: {
    /** Namespaces that have the access chart. */
    list(): Promise<readonly string[]>;
    grant(
      namespace: string,
      values?: { readonly profile: 'platform' },
    ): Promise<{ readonly chart: 'installed' | 'upgraded' }>;
    revoke(namespace: string): Promise<void>;
  };
}
