import type { Chosen } from './destination.ts';

/** What every client of AWS's is made with: region, credentials, an end to every wait, and the local stack's address. */
export const awsClientOf = ({ region, credentials, awsEndpoint }: Chosen) => ({
  region,
  credentials,
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000 },
  ...(awsEndpoint !== undefined && { endpoint: awsEndpoint }),
});
