/** What the command line is handed: nothing in `cli/` touches the world by itself. `bin/fairlead.ts` wires it. */
import type { ApiClient } from '../contracts/api/client.ts';
import type { LayerStore, LayerTexts } from '../contracts/layer-store.ts';
import type { TokenRead } from '../contracts/looks.ts';
import type { ClusterAdmin, ClusterReach } from './cluster/cluster-admin.ts';
import type { DoctorPorts } from './doctor/ports.ts';
import type { FeaturePorts } from './feature/ports.ts';

export interface Terminal {
  /** A line for people or programs to keep: stdout. */
  out(line: string): void;
  /** A line for people who watch: stderr. */
  err(line: string): void;
  /** Whether stderr is a terminal that can be redrawn. */
  readonly live: boolean;
  /** Colour on stdout and stderr. */
  readonly colour: boolean;
  readonly columns: number;
  /** Draws `text` over what it drew before, on stderr; `done` leaves it there. */
  draw(text: string): void;
  done(): void;
}

/** Where the calls go, and why there. */
export interface Destination {
  readonly endpoint: string;
  readonly because: string;
  readonly client: ApiClient;
}

export interface DestinationFlags {
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  /** Whom to act as on the local stack: a role's name without the installation's. */
  readonly as?: string | undefined;
}

/** A file that the user edits: his alone, and gone afterwards unless it is kept. */
export interface EditedFile {
  readonly path: string;
  /** Opens the editor on `text`, and answers what was saved. @throws Failed when the editor cannot be started or ends badly */
  edit(text: string): Promise<string>;
  remove(): Promise<void>;
}

/** Packs a folder with helm and pushes it; throws with helm's own words. */
export type PushChart = (
  folder: string,
  chart: string,
  version: string | undefined,
) => Promise<{ readonly version: string; readonly digest: string }>;

/** Makes a namespace (when missing) and installs the access chart in it, with the user's own kubeconfig. */
/** Values of `charts/cluster-access` that people choose. */
export interface AccessValues {
  readonly profile?: 'platform';
  /** All service accounts of the namespace that deployers may act as. */
  readonly teams?: readonly string[];
  readonly teamsOnly?: boolean;
}

export type GrantAccess = (grant: {
  readonly cluster: string;
  readonly account: string;
  readonly region: string;
  readonly namespace: string;
  /** What is left out stays as it was granted before. */
  readonly values?: AccessValues;
}) => Promise<{ readonly chart: 'installed' | 'upgraded' }>;

export interface UpFlags {
  readonly detach: boolean;
  readonly empty: boolean;
  readonly clusters: number;
  /** A cluster of the user's own in place of any of ours. `file` as it was given. */
  readonly kubeconfig?: { readonly file: string; readonly context?: string | undefined } | undefined;
  /** What is ready is told as one JSON document. */
  readonly json: boolean;
  readonly folder?: string | undefined;
}

/** The local stack's life. */
export interface LocalStack {
  /** Answers the exit code, having said everything itself. */
  up(flags: UpFlags): Promise<number>;
  down(folder?: string): Promise<{ readonly outcome: string; readonly because: string }>;
  /** Variables for a shell; undefined when no stack runs. */
  env(folder?: string): Promise<Readonly<Record<string, string>> | undefined>;
}

export interface Ports {
  readonly terminal: Terminal;
  readonly destination: (flags: DestinationFlags) => Promise<Destination>;
  readonly parameters: (flags: DestinationFlags) => Promise<LayerStore>;
  readonly layerTexts: LayerTexts;
  /** A fresh file for the user's editor; what it is about is in its name. */
  readonly editedFile: (about: string) => Promise<EditedFile>;
  readonly pushChart: (flags: DestinationFlags) => Promise<PushChart>;
  readonly grantAccess: () => Promise<GrantAccess>;
  /** A cluster with the user's own rights; nobody is asked before something is. */
  readonly clusterAdmin: (flags: DestinationFlags, reach: ClusterReach) => Promise<ClusterAdmin>;
  /** Yes or no of whoever sits at the terminal; undefined when nobody does. */
  readonly ask: (question: string) => Promise<boolean | undefined>;
  /** A text that nobody else sees: from stdin, or typed unseen; undefined when nobody gives one. */
  readonly readSecret: (question: string) => Promise<string | undefined>;
  readonly doctor: (flags: DestinationFlags) => Promise<DoctorPorts>;
  readonly feature: () => Promise<FeaturePorts>;
  readonly stack: LocalStack;
  /** The token of the GitHub job that this runs in. */
  readonly jobToken: (audience: string) => Promise<TokenRead>;
  readonly readFile: (path: string) => Promise<string>;
  readonly now: () => Date;
  /** Lets this much time pass; ends early at Ctrl-C. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Aborts at Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** A key that no other start of a rollout has. */
  readonly newKey: () => string;
}
