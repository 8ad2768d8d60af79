/** The Action in front of the API's own code: claims, tokens and keys as both sides have them. */
import { describe, expect, it } from 'vitest';
import { githubKeys } from '../../adapters/github/github-keys.ts';
import { verifyGithubToken } from '../../adapters/github/verify-token.ts';
import { GITHUB_ISSUER, TOKEN_AUDIENCE } from '../../contracts/api/github-token.ts';
import { EXIT } from '../../contracts/outcome-table.ts';
import { oidcClaims } from '../../local/github/oidc-claims.ts';
import type { PretendGithub } from '../../local/github/pretend-github.ts';
import { registered, type TestApi, WORKFLOW } from '../lambdas/answer-request/support.ts';
import { type Got, type JobOptions, runJob } from './support.ts';

const now = () => new Date('2026-11-21T10:00:00.000Z');
const OWNER_ID = oidcClaims({ repository: 'acme/webui' })['repository_owner_id'] ?? '';
// By the letter, since a package of the operators lives in that namespace.
const RULES = [{ repositories: ['acme/*'], packages: ['{repository}-*'], namespaces: ['webui'], charts: [] }];
const CLAIM = { '.fairlead.yaml': 'package: webui-api\nnamespace: webui\n' };
const STEP = { 'self-service': 'true', package: 'webui-api', version: '1.0.0', wait: 'false' };

/** A step of a job of acme/webui in front of an API with self-service. */
async function ran(options: JobOptions) {
  let api: TestApi | undefined;
  const answering = (github: PretendGithub) => {
    const keys = githubKeys({ url: `${github.url}/.well-known/jwks`, now });
    const opened = registered({
      selfService: async () => ({ owner: 'acme', ownerId: OWNER_ID, claims: RULES }),
      verifyToken: verifyGithubToken({ issuer: GITHUB_ISSUER, audience: TOKEN_AUDIENCE, keys, now }),
    });
    return async ({ method, path, headers, body }: Got) => {
      api = await opened;
      const texts = Object.entries(headers).map(([name, value]) => [name, String(value)]);
      return await api.call(method, path, { as: WORKFLOW, body, headers: Object.fromEntries(texts) });
    };
  };
  const job = await runJob({ ...options, answering, with: { ...STEP, ...options.with } });
  const listed = await api?.call('GET', '/packages/webui-api/rollouts');
  return { job, rollouts: listed?.status === 200 ? listed.body.rollouts : [] };
}

describe('a repository that nobody made a role for', () => {
  it('claims its package and rolls it out, proven by its tokens', async () => {
    const { job, rollouts } = await ran({ files: CLAIM });
    expect(job.code, job.said.join('\n')).toBe(0);
    expect(rollouts).toMatchObject([
      { id: job.outputs['rollout'], startedBy: { role: 'fairlead-workflows', claims: { repository: 'acme/webui' } } },
    ]);
  });

  it('starts one rollout only when the answers get lost, whatever the token', async () => {
    const api = { 'PUT /packages': ['cut'], 'POST /packages': ['cut', 'half'] } as const;
    const { job, rollouts } = await ran({ files: CLAIM, api });
    expect([job.code, rollouts.length], job.said.join('\n')).toEqual([0, 1]);
    expect(job.got.filter(({ method }) => method === 'POST')).toHaveLength(3);
  });

  it.each([
    ["another's name", { files: { '.fairlead.yaml': 'namespace: webui\n' }, with: { package: 'worker-api' } }],
    ["another's namespace", { files: { '.fairlead.yaml': 'namespace: kube-system\n' } }],
    ['a package that it did not claim', { with: { package: 'worker' } }],
  ])('does not get %s', async (_what, options) => {
    const { job, rollouts } = await ran(options);
    expect([job.code, job.outputs, rollouts]).toEqual([EXIT.error, {}, []]);
  });
});
