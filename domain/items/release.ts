/** What stands in one environment, what keeps it from moving, and who may touch it. */
import type { Base, Time } from './base.ts';

/** Inputs that were seen healthy in one environment. The rollout's deployment there has them whole. */
export interface GoodInputs {
  readonly rolloutId: string;
  readonly version: string;
  readonly chartDigest: string;
  readonly inputsDigest: string;
  /** helm's revision then; helm forgets old ones. */
  readonly revision: number;
  readonly at: Time;
}

/** What runs in one environment. */
export interface ReleaseItem extends Base<'release'> {
  readonly package: string;
  readonly environment: string;
  readonly highestSequence: number;
  /** The rollout whose inputs stand there now. */
  readonly rolloutId?: string;
  readonly version?: string;
  readonly chartDigest?: string;
  readonly inputsDigest?: string;
  readonly effectiveDigest?: string;
  /** The last helm revision that we saw healthy. */
  readonly goodRevision?: number;
  readonly liveRevision?: number;
  /** The last ten inputs that were good here, each once, newest last. */
  readonly good?: readonly GoodInputs[];
  /** The inputs that were on their way in when it became `failed`: in part they may stand there. */
  readonly tried?: Pick<GoodInputs, 'rolloutId' | 'version' | 'inputsDigest'>;
  /** The inputs that are on their way in while it is `deploying`. */
  readonly underway?: Pick<GoodInputs, 'rolloutId' | 'version' | 'inputsDigest'>;
  /** The rollout that began here last, whatever became of it: a changed layer is compared with its inputs. */
  readonly attempted?: string;
  /** Seconds that the last helm operation took here. */
  readonly lastSeconds?: number;
  readonly state: 'deployed' | 'deploying' | 'failed' | 'absent';
  readonly because: string;
  readonly at: Time;
}

export interface HoldItem extends Base<'hold'> {
  readonly package: string;
  readonly environment: string;
  readonly reason: string;
  readonly by: string;
  readonly at: Time;
  readonly kind: 'hold' | 'disabled' | 'failed-rollback';
  /** Whose rollback failed. */
  readonly rolloutId?: string;
  /** Of the failed rollback that it was put over. */
  readonly over?: { readonly reason: string; readonly by: string; readonly at: Time };
}

export interface QuarantineItem extends Base<'quarantine'> {
  readonly package: string;
  readonly environment: string;
  readonly inputsDigest: string;
  /** Of the inputs, for people. */
  readonly version?: string;
  /** Which proved them bad, or rolled back from them. */
  readonly rolloutId: string;
  readonly because: string;
  readonly at: Time;
}

/** The exclusive right to touch one release. Freed by clearing, never deleted, so that fences only rise. */
export interface LeaseItem extends Base<'lease'> {
  readonly cluster: string;
  readonly namespace: string;
  readonly release: string;
  readonly fence: number;
  readonly holder?: {
    readonly rolloutId: string;
    readonly environment: string;
    readonly attempt: number;
    readonly deadline: Time;
  };
  readonly operation?: Operation;
}

/** One invocation's claim to change the release, written before it does. */
export interface Operation {
  readonly requestId: string;
  readonly kind: 'apply' | 'roll-back' | 're-apply' | 'uninstall' | 'repair';
  /** The revision helm will make, by what it had seen. */
  readonly expectedRevision: number;
  /** The fence that the claim raised; what helm makes is labelled with it. */
  readonly fence?: number;
  /** The machine's number of the claiming call within its try; it says which one has died when one has. */
  readonly call?: number;
  /** When the claiming process is certainly over. */
  readonly hardEnd: Time;
  /** Set when the process reported its end itself. */
  readonly overAt?: Time;
}
