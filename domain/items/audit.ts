/** Who changed what, when, from where: one line for each call that changed something, and the tokens that were used up. */
import type { Base, Time } from './base.ts';
import type { Principal } from './rollout.ts';

/** Written in the same transaction as the change itself. */
export interface AuditItem extends Base<'audit'> {
  readonly at: Time;
  /** API Gateway's id of the call; its access log has the same. */
  readonly requestId: string;
  /** Name of the API's operation. */
  readonly operation: string;
  readonly package?: string;
  readonly environment?: string;
  readonly rollout?: string;
  readonly freeze?: string;
  /** An environment's value that was set or taken away; never what it is. */
  readonly value?: { readonly key: string; readonly secret: boolean };
  readonly principal: Principal;
  /** Why, where the call says so. */
  readonly reason?: string;
  /** Address that API Gateway saw. */
  readonly sourceIp: string;
  /** Unix seconds; DynamoDB's time to live removes it. */
  readonly expiresAt: number;
}

/** A GitHub token that changed something once, and what it was used for: only the same call may come again with it. */
export interface TokenItem extends Base<'token'> {
  readonly jti: string;
  /** Hash of method, path, idempotency key and body. */
  readonly usedFor: string;
  /** Unix seconds, after the token's own end. */
  readonly expiresAt: number;
}
