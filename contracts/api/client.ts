/** How the command line, the Action and the demo speak to the API: one signed call, one answer. */

export interface ApiRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Begins with `/`; its variable parts are encoded already. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the call from outside (Ctrl-C, a deadline). */
  readonly signal?: AbortSignal;
}

export interface ApiAnswer {
  readonly status: number;
  /** Parsed JSON; undefined when the answer has no body. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** Signs, sends, and tries again what is safe to try again (network errors and 5xx, never 4xx). */
export interface ApiClient {
  /** @throws ApiUnreachable when no answer came in time, CredentialsMissing when there is nobody to sign as. */
  call(request: ApiRequest): Promise<ApiAnswer>;
}

/** The API did not answer. Exit code 5. */
export class ApiUnreachable extends Error {
  override readonly name = 'ApiUnreachable';
}

/** No usable AWS credentials were found. Exit code 6. */
export class CredentialsMissing extends Error {
  override readonly name = 'CredentialsMissing';
}
