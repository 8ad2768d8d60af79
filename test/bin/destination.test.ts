import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { chooseDestination } from '../../bin/destination.ts';
import { WrongInvocation } from '../../cli/failure.ts';
import { identityOf } from '../../local/process/process-identity.ts';
import { writeState } from '../../local/stack/stack-state.ts';
import { runningStack } from '../local/stack/running-stack-builder.ts';

const AWS = 'https://abc123.execute-api.eu-north-1.amazonaws.com/v1';
let [folder, running, none] = ['', '', ''];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-destination-'));
  [running, none] = [join(folder, 'running'), join(folder, 'none')];
  const keeper = await identityOf(process.pid);
  if (keeper === undefined) throw new Error('this process has no identity');
  const base = { v: 1, id: 'test', keeper, startedAt: new Date().toISOString() } as const;
  await writeState(running, {
    ...base,
    phase: 'ready',
    stack: runningStack({ api: 'http://127.0.0.1:1/v1' }),
    children: [],
  });
  const config = `[profile ship]\nfairlead_endpoint = ${AWS}/from-profile\n[profile other]\nregion = eu-west-1\n`;
  await writeFile(join(folder, 'config'), config);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe('calls go', () => {
  it.each<[string, object, () => Record<string, string>, string, string]>([
    [
      'where the flag says, before all',
      { endpoint: `${AWS}/flag`, profile: 'ship' },
      () => ({ FAIRLEAD_ENDPOINT: AWS, FAIRLEAD_STATE: running }),
      `${AWS}/flag`,
      '--endpoint',
    ],
    [
      'else where the variable says',
      { profile: 'ship' },
      () => ({ FAIRLEAD_ENDPOINT: AWS, FAIRLEAD_STATE: running }),
      AWS,
      'FAIRLEAD_ENDPOINT',
    ],
    [
      'else where the named profile says',
      { profile: 'ship' },
      () => ({ FAIRLEAD_STATE: running }),
      `${AWS}/from-profile`,
      'profile ship',
    ],
    [
      "else where the shell's profile says",
      {},
      () => ({ AWS_PROFILE: 'ship', FAIRLEAD_STATE: running }),
      `${AWS}/from-profile`,
      'profile ship',
    ],
    [
      'else to the running local stack',
      {},
      () => ({ FAIRLEAD_STATE: running }),
      'http://127.0.0.1:1/v1',
      'the running local stack',
    ],
    [
      'to the stack too when the profile says nothing',
      { profile: 'other' },
      () => ({ FAIRLEAD_STATE: running }),
      'http://127.0.0.1:1/v1',
      'the running local stack',
    ],
    [
      'not where an empty variable says',
      {},
      () => ({ FAIRLEAD_ENDPOINT: '', FAIRLEAD_STATE: running }),
      'http://127.0.0.1:1/v1',
      'the running local stack',
    ],
  ])('%s', async (_rule, flags, env, endpoint, because) => {
    expect(await chooseDestination(flags, env())).toMatchObject({ endpoint, because });
  });

  it('nowhere when nothing says where, and every way to say it is named', async () => {
    const asked = chooseDestination({}, { FAIRLEAD_STATE: none });
    await expect(asked).rejects.toThrow(WrongInvocation);
    await expect(asked).rejects.toThrow(/--endpoint.*FAIRLEAD_ENDPOINT.*fairlead_endpoint.*fairlead up --detach/);
  });

  it.each([
    ['--endpoint', { endpoint: 'api.example' }, {}],
    ['FAIRLEAD_ENDPOINT', {}, { FAIRLEAD_ENDPOINT: 'ftp://x' }],
  ])('nowhere when %s is no URL, and that is said', async (name, flags, env) => {
    await expect(chooseDestination(flags, env)).rejects.toThrow(
      new RegExp(`${name} '[^']+' is no URL: it looks like https://`),
    );
  });
});

describe('--as', () => {
  it('is a role for people of the running local stack, also where the shell is set up for that stack', async () => {
    const because = 'the running local stack, as approver-sre';
    const as = 'approver-sre';
    expect(await chooseDestination({ as }, { FAIRLEAD_STATE: running })).toMatchObject({ because, local: true });
    const env = { FAIRLEAD_STATE: running, FAIRLEAD_ENDPOINT: 'http://127.0.0.1:1/v1' };
    expect(await chooseDestination({ as }, env)).toMatchObject({ because, endpoint: 'http://127.0.0.1:1/v1' });
  });

  it.each<[string, object, () => Record<string, string>, RegExp]>([
    [
      'where calls go to AWS',
      { as: 'reader', endpoint: AWS },
      () => ({ FAIRLEAD_STATE: running }),
      /these calls go to https.*--profile/,
    ],
    ['where no stack runs', { as: 'reader' }, () => ({ FAIRLEAD_STATE: none }), /none runs here/],
    [
      'of a role that is not for people',
      { as: 'deployer' },
      () => ({ FAIRLEAD_STATE: running }),
      /'deployer' is no role for people/,
    ],
    ['of something else', { as: '../x' }, () => ({ FAIRLEAD_STATE: running }), /'..\/x' is no role for people/],
  ])('is refused %s', async (_where, flags, env, words) => {
    await expect(chooseDestination(flags, env())).rejects.toThrow(words);
  });
});

describe('the region to sign for', () => {
  it.each([
    ['is the flag', { endpoint: AWS, region: 'us-east-1' }, { AWS_REGION: 'x' }, 'us-east-1'],
    ["else the endpoint's own", { endpoint: AWS }, { AWS_REGION: 'x' }, 'eu-north-1'],
    ['else the variable', { endpoint: 'https://fairlead.example' }, { AWS_REGION: 'eu-west-1' }, 'eu-west-1'],
  ])('%s', async (_rule, flags, env, region) => {
    expect((await chooseDestination(flags, env)).region).toBe(region);
  });

  it('has to be said when nothing tells it', async () => {
    await expect(chooseDestination({ endpoint: 'https://fairlead.example' }, {})).rejects.toThrow(
      /give --region or set AWS_REGION/,
    );
  });
});
