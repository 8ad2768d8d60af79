/** What `fairlead doctor` looks at the world with. What may go wrong is an answer: a doctor does not fall ill. */
import type { ApiClient } from '../../contracts/api/client.ts';
import type { FunctionsRead, LayersRead, Reached, TokenRead, TrustRead, WhoAmI } from '../../contracts/looks.ts';
import type { StageRequest } from '../../domain/items/registry.ts';
import type { TrustPolicy } from '../../domain/trust/trust-policy.ts';
import type { LayerRules } from '../../domain/values/layers/layer-names.ts';

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
