/** Looks at the world that change nothing, and what may come of each: adapters look, `fairlead doctor` judges. */
import type { TrustPolicy } from '../domain/trust/trust-policy.ts';

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

/** A role's trust policy. */
export type TrustRead =
  | { readonly read: true; readonly policy: TrustPolicy }
  | { readonly read: false; readonly code: 'missing' | 'refused'; readonly because: string };

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

/** A job's own token. */
export type TokenRead =
  | { readonly given: true /** A secret. */; readonly token: string }
  | { readonly given: false; readonly code: 'no-permission' | 'refused'; readonly because: string };
