/** What `fairlead doctor` looks at the world with. What may go wrong is an answer: a doctor does not fall ill. */
import type { ApiClient } from '../../contracts/api/client.ts';
import type { StageRequest } from '../../domain/items/registry.ts';
import type { LayerRules } from '../../domain/rollout/layer-names.ts';
import type { TrustPolicy } from '../../domain/trust/trust-policy.ts';

/** Who the credentials belong to, by STS. */
export type WhoAmI =
  | { readonly known: true; readonly account: string; readonly arn: string }
  | {
      readonly known: false;
      /** `missing`: there are none; `refused`: AWS does not take them; `unreachable`: STS did not answer. */
      readonly code: 'missing' | 'refused' | 'unreachable';
      readonly because: string;
    };

/** How far an unsigned GET came. */
export type Reached =
  | {
      readonly as: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      /** Parsed JSON, else text. */
      readonly body: unknown;
    }
  | { readonly as: 'dns' | 'tcp' | 'tls' | 'timeout'; readonly because: string };

export type TrustRead =
  | { readonly read: true; readonly policy: TrustPolicy }
  | { readonly read: false; readonly code: 'missing' | 'refused'; readonly because: string };

/** What `fairlead.yaml` says that the API does not. */
export interface Configured extends LayerRules {
  readonly file: string;
  /** Name of the installation. */
  readonly name: string;
  readonly account: string;
  readonly promotionOrder?: readonly StageRequest[];
  readonly sources: readonly {
    readonly name: string;
    readonly packages: readonly string[];
    /** What the CDK makes of it. */
    readonly trust: TrustPolicy;
  }[];
  /** The same of the role that all repositories of the organisation share, where there is one. */
  readonly workflows?: TrustPolicy;
}

export interface LayerSeen {
  readonly name: string;
  readonly version: number;
  /** Parameter, version, line and column; absent when the layer is well. Never its text. */
  readonly broken?: string;
}

export type LayersRead =
  | { readonly read: true /** Those of the names that exist. */; readonly layers: readonly LayerSeen[] }
  | { readonly read: false; readonly code: 'refused' | 'unreachable'; readonly because: string };

export interface FunctionSeen {
  readonly name: string;
  /** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html */
  readonly state: string;
  readonly lastUpdate: string;
  readonly because?: string;
}

export type FunctionsRead =
  | { readonly read: true; readonly functions: readonly FunctionSeen[] }
  | { readonly read: false; readonly because: string };

export type TokenRead =
  | { readonly given: true /** A secret. */; readonly token: string }
  | { readonly given: false; readonly code: 'no-permission' | 'refused'; readonly because: string };

/** The GitHub job that this runs in. */
export interface Workflow {
  token(audience: string): Promise<TokenRead>;
  /** Adds Markdown to the job's summary; absent when the runner has none. */
  readonly summarise?: (markdown: string) => Promise<void>;
}

export interface DoctorPorts {
  readonly endpoint: string;
  readonly because: string;
  /** What calls are signed for. */
  readonly region: string;
  readonly client: ApiClient;
  whoAmI(): Promise<WhoAmI>;
  reach(url: string): Promise<Reached>;
  /** The role's trust policy, with the credentials at hand. */
  trustOf(roleArn: string): Promise<TrustRead>;
  /** @throws WrongInvocation when the file is no configuration. */
  configured(file: string | undefined): Promise<Configured | undefined>;
  layers(names: readonly string[]): Promise<LayersRead>;
  /** Every function of the installation. */
  functions(installation: string): Promise<FunctionsRead>;
  readonly workflow: Workflow | undefined;
}
