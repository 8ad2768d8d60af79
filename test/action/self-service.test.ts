import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../contracts/outcome-table.ts';
import { anEvent, type Got, type Job, runJob } from './support.ts';

const SELF = { 'self-service': 'true' };
const tokenOf = ({ headers }: Got) => String(headers['fairlead-token'] ?? '');
const claimed = ({ got }: Job) => got.filter(({ method }) => method === 'PUT');
const refused = (detail: string) => ({
  status: 403,
  body: {
    type: 'https://fairlead.dev/problems/token-refused',
    title: "GitHub's token was not accepted",
    status: 403,
    detail,
  },
});
const FOLLOWED = [
  { events: [anEvent(1)], state: 'running' },
  { events: [], state: 'succeeded' },
];

describe('self-service', () => {
  it("proves the repository with GitHub's token for Fairlead on every call, a fresh one for what changes something", async () => {
    const job = await runJob({ with: SELF, events: FOLLOWED });
    expect(job.code).toBe(0);
    for (const got of job.got)
      expect(decodeJwt(tokenOf(got))).toMatchObject({ aud: 'fairlead', repository: 'acme/webui' });
    const reading = job.got.filter(({ method }) => method === 'GET').map(tokenOf);
    expect(reading.length).toBeGreaterThan(2);
    expect(new Set(reading).size).toBe(1);
    expect(reading).not.toContain(tokenOf(job.got[0] as Got));
  });

  it('without it sends no token', async () => {
    for (const got of (await runJob()).got) expect(tokenOf(got)).toBe('');
  });

  it('repeats a start with the same key and another token', async () => {
    const job = await runJob({ with: SELF, api: { 'POST /packages': ['cut', 502] } });
    const starts = job.got.filter(({ method }) => method === 'POST');
    expect([job.code, starts.length, new Set(starts.map(tokenOf)).size]).toEqual([0, 3, 3]);
    expect(new Set(starts.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it('reads with another token when less than a minute is left of the one it has', async () => {
    const job = await runJob({
      with: SELF,
      events: FOLLOWED,
      onCall: (seen, { path }) => {
        if (path.includes('after=0')) seen.clock += 4.5 * 60_000;
      },
    });
    const [first, second] = job.got.filter(({ path }) => path.includes('/events')).map(tokenOf);
    expect(first).not.toBe(second);
  });

  it('asks for another token once when the one that it reads with is refused', async () => {
    const events = 'GET /packages/webui/rollouts/01JD0Z5Q6X3N8V7T2K4M9R1B0C/events';
    const job = await runJob({ with: SELF, api: { [events]: [refused('it ended at noon')] } });
    expect(job.code).toBe(0);
    const twice = await runJob({
      with: SELF,
      api: { [events]: [refused('it ended at noon'), refused('it ended at noon')] },
    });
    expect(twice.code).toBe(EXIT.error);
  });

  it('leaves it at a refusal of a token that was fresh', async () => {
    const job = await runJob({ with: SELF, api: { 'POST /packages': [refused('repository acme/webui may not')] } });
    expect([job.code, job.got.length]).toEqual([EXIT.error, 1]);
    expect(job.said.join('\n')).toContain("GitHub's token was not accepted: repository acme/webui may not");
  });
});

describe('a claim', () => {
  const CLAIM = 'package: webui\nnamespace: web\n';

  it('is sent along before the start', async () => {
    const job = await runJob({ with: SELF, files: { '.fairlead.yaml': CLAIM } });
    expect(job.got.slice(0, 2).map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PUT /packages/webui/claim',
      'POST /packages/webui/rollouts',
    ]);
    expect(claimed(job)).toMatchObject([{ body: { package: 'webui', namespace: 'web' } }]);
  });

  it('is skipped when the usual file is not there, and without self-service', async () => {
    expect(claimed(await runJob({ with: SELF }))).toEqual([]);
    expect(claimed(await runJob({ files: { '.fairlead.yaml': CLAIM } }))).toEqual([]);
  });

  it('with a field that is for operators is refused before any call', async () => {
    const job = await runJob({ with: SELF, files: { '.fairlead.yaml': `${CLAIM}repositories: [evil/webui]\n` } });
    expect([job.code, job.sts, job.got]).toEqual([EXIT['wrong invocation'], 0, []]);
    expect(job.said.join('\n')).toContain('.fairlead.yaml: unrecognized key: "repositories"');
  });

  it('that is refused starts nothing', async () => {
    const job = await runJob({
      with: SELF,
      files: { '.fairlead.yaml': CLAIM },
      api: { PUT: [refused('the branch is not protected')] },
    });
    expect([job.code, job.got.length]).toEqual([EXIT.error, 1]);
  });
});
