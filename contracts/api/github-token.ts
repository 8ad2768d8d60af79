/** How a GitHub token is sent along with a call. */
import * as z from 'zod';

/** What tokens are asked of GitHub for: `ACTIONS_ID_TOKEN_REQUEST_URL` and `&audience=fairlead`. */
export const TOKEN_AUDIENCE = 'fairlead';

export const TOKEN_HEADER = 'Fairlead-Token';

/** Whoever signs GitHub's tokens (https://docs.github.com/en/actions/reference/security/oidc). */
export const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';
export const GITHUB_KEYS_URL = `${GITHUB_ISSUER}/.well-known/jwks`;

/** The token as it comes: its size and everything else are the verifier's to judge. */
export const TokenHeader = z
  .string()
  .meta({ description: `GitHub's OIDC token for audience '${TOKEN_AUDIENCE}', proving which repository calls` });
