import * as z from 'zod';

const text = z.string().min(1);

/** What authorize-github is told of its installation. */
export const Env = z.object({
  /** Who signs GitHub's tokens, and where its keys are. */
  GITHUB_ISSUER: text,
  GITHUB_KEYS_URL: text,
  /** Comma list: what tokens must be made for. */
  AUDIENCES: text,
  /** JSON (`FasitDeploy`). */
  FASIT_DEPLOY: text,
});
