import { describe, expect, it } from 'vitest';
import { readInputs } from '../../action/inputs.ts';
import { EXIT } from '../../contracts/outcome-table.ts';
import { type Job, runJob } from './support.ts';

const STAGES = '- name: first\n  targets: [{ ring: dev }]\n';
const said = ({ said }: Job) => said.join('\n');

describe('inputs', () => {
  it('have the defaults that action.yml tells', () => {
    const env = {
      INPUT_ENDPOINT: 'https://fairlead.acme.dev',
      INPUT_PACKAGE: 'webui',
      INPUT_VERSION: '1.0.0',
      INPUT_WAIT: ' ',
    };
    expect(readInputs(env)).toMatchObject({
      wait: true,
      'timeout-minutes': 30,
      'abort-on-cancel': false,
      'self-service': false,
    });
  });

  it('take a fraction of a minute, and a file of stages', async () => {
    const files = { 'stages.yaml': STAGES };
    const job = await runJob({ files, with: { 'stages-file': 'stages.yaml', 'timeout-minutes': '0.25' } });
    expect(job.code).toBe(0);
    expect(job.got[0]?.body).toMatchObject({ stages: [{ name: 'first', targets: [{ ring: 'dev' }] }] });
  });

  it.each<[string, Record<string, string | undefined>, string]>([
    ['no endpoint', { endpoint: undefined }, "input 'endpoint': it is missing: add 'endpoint' to the step's 'with'"],
    [
      'an endpoint that shows sessions to the network',
      { endpoint: 'http://example.com/v1' },
      "input 'endpoint': 'http://example.com/v1' is not https",
    ],
    ['an endpoint that is none', { endpoint: 'fairlead' }, "input 'endpoint': 'fairlead' is no URL"],
    [
      'a role that is none',
      { 'role-to-assume': 'fairlead-source' },
      "input 'role-to-assume': 'fairlead-source' is no ARN of a role",
    ],
    ['no package', { package: '' }, "input 'package': it is missing"],
    ['a package that cannot be', { package: 'Web_UI' }, "input 'package': 'Web_UI' is not a name"],
    [
      'a version that is none',
      { version: 'latest' },
      "input 'version': 'latest': a chart version is a semantic version",
    ],
    ['a region that is none', { region: 'Europe' }, "input 'region': 'Europe' is no AWS region"],
    ['a word for wait', { wait: 'yes' }, "input 'wait': 'yes' is neither true nor false"],
    ['no time', { 'timeout-minutes': '0' }, "input 'timeout-minutes': '0' is no time"],
    ['negative time', { 'timeout-minutes': '-1' }, "input 'timeout-minutes': '-1' is no time"],
    ['time in words', { 'timeout-minutes': '10m' }, "input 'timeout-minutes': '10m' is no time"],
    ['endless time', { 'timeout-minutes': 'Infinity' }, "input 'timeout-minutes': 'Infinity' is no time"],
    ['a key with blanks', { 'idempotency-key': 'a b' }, "input 'idempotency-key': 'a b': an idempotency key is"],
    ['an input of another version', { 'plan-only': 'true' }, "input 'plan-only': there is no such input"],
    [
      'targets twice',
      { targets: '[]', 'targets-file': 'x' },
      "inputs 'targets' and 'targets-file' say the same thing twice",
    ],
    [
      'targets and stages',
      { targets: '[]', 'stages-file': 'x' },
      "inputs 'targets' and 'stages-file' say the same thing twice",
    ],
    [
      'values twice',
      { values: '{}', 'values-file': 'x' },
      "inputs 'values' and 'values-file' say the same thing twice",
    ],
    ['a claim without self-service', { 'claim-file': 'x' }, "input 'claim-file' is for self-service only"],
    [
      'a file that is not there',
      { 'stages-file': 'x.yaml' },
      "input 'stages-file': 'x.yaml' cannot be read: no such file: x.yaml. Paths are relative",
    ],
    [
      'a claim that is not there',
      { 'claim-file': 'x.yaml', 'self-service': 'true' },
      "input 'claim-file': 'x.yaml' cannot be read",
    ],
    ['values that are a list', { values: '[1]' }, 'values: '],
    ['values that are no YAML', { values: 'a: b: c' }, 'values: line 1, column 4: not YAML'],
    ['values with an alias of nothing', { values: 'a: *b' }, 'values: line 1, column 4: not YAML (an alias of nothing'],
    ['values with an empty key', { values: '{a: {"": 1}}' }, 'values.a.: a key is empty'],
    ['targets that are no JSON', { targets: '[{]' }, 'targets is not valid JSON'],
  ])('are refused before any call: %s', async (_what, given, words) => {
    const job = await runJob({ with: given });
    expect([job.code, job.sts, job.got]).toEqual([EXIT['wrong invocation'], 0, []]);
    expect(said(job)).toContain(words);
    expect(job.summary).toContain('<pre>');
  });

  it('name the place in a file of stages', async () => {
    const files = { 'stages.yaml': `${STAGES}- name: first\n  targets: [{ ring: prod }]\n  gate: { approvals: 0 }\n` };
    const job = await runJob({ files, with: { 'stages-file': 'stages.yaml' } });
    expect([job.code, said(job)]).toEqual([
      EXIT['wrong invocation'],
      expect.stringContaining('stages-file (stages.yaml)[1].gate: a gate asks for'),
    ]);
  });

  it('are told all at once when several are off', async () => {
    const job = await runJob({ with: { wait: 'yes', version: 'latest' } });
    expect(said(job)).toMatch(/input 'version'.*\ninput 'wait'/);
  });

  it('without a region take the one of the endpoint, else of the job, else say so', async () => {
    const of = async (env: Record<string, string>) => await runJob({ with: { region: undefined }, env });
    expect((await of({ AWS_REGION: 'eu-west-1' })).got[0]?.headers.authorization).toContain('/eu-west-1/execute-api/');
    expect(said(await of({}))).toContain("input 'region':");
  });
});
