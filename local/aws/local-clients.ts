import { LOCAL_REGION, LOCAL_ROOT_CREDENTIALS } from './ministack-environment.ts';

export interface LocalCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What every SDK client for the local AWS is made with: its endpoint, region, and root unless other credentials are given. */
export function localClient(endpoint: string, credentials: LocalCredentials = LOCAL_ROOT_CREDENTIALS) {
  return { endpoint, region: LOCAL_REGION, credentials: { ...credentials }, maxAttempts: 2 };
}
