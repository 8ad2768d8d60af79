/** The base URL of an API as people give it: to a flag, to a profile, to the Action. */

/** Where plain HTTP stays on the machine, as the local stack's does. */
const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

/** What is wrong with `endpoint`, as it reads after the words that name it; undefined when it will do. */
export function troubleOfEndpoint(endpoint: string): string | undefined {
  const url = /^https?:\/\/[^\s/]+/.test(endpoint) ? URL.parse(endpoint) : null;
  if (url?.protocol === 'https:' || (url !== null && LOOPBACK.includes(url.hostname))) return undefined;
  return url === null
    ? `'${endpoint}' is no URL: it looks like https://ID.execute-api.REGION.amazonaws.com/v1`
    : `'${endpoint}' is not https: a signed call would show its session to the network`;
}

/** The region that an endpoint of API Gateway names; undefined for domains of one's own. */
export const regionOfEndpoint = (endpoint: string): string | undefined =>
  /\.execute-api\.([a-z0-9-]+)\./.exec(endpoint)?.[1];
