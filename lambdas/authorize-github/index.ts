import { powertoolsLog } from '../../adapters/aws/powertools-log.ts';
import { githubKeys } from '../../adapters/github/github-keys.ts';
import { verifyGithubToken } from '../../adapters/github/verify-token.ts';
import { parseEnv } from '../../contracts/env.ts';
import { FasitDeploy } from '../../contracts/fasit-deploy.ts';
import { Env } from './env.ts';
import { authorizeGithub } from './handler.ts';

const env = parseEnv(Env, process.env);
const now = () => new Date();

export const handler = authorizeGithub({
  verifyToken: verifyGithubToken({
    issuer: env.GITHUB_ISSUER,
    audience: env.AUDIENCES.split(','),
    keys: githubKeys({ url: env.GITHUB_KEYS_URL, now }),
    now,
  }),
  settings: FasitDeploy.parse(JSON.parse(env.FASIT_DEPLOY)),
  now,
  log: powertoolsLog('authorize-github'),
});
