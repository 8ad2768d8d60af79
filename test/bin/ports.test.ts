import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Chosen } from '../../bin/destination.ts';
import { portsOf } from '../../bin/ports.ts';
import type { DestinationFlags } from '../../cli/ports.ts';

const cluster = { name: 'main', account: '123456789012', region: 'eu-north-1' };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-ports-'));
  await writeFile(join(folder, 'kubeconfig'), '');
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** The ports on a local stack, and which destinations were asked for. */
function ports(credentials: Chosen['credentials'] = async () => ({ accessKeyId: 'a', secretAccessKey: 'b' })) {
  const asked: DestinationFlags[] = [];
  const stack: Chosen = {
    endpoint: 'http://127.0.0.1:1/v1',
    region: 'us-east-1',
    because: 'the running local stack',
    credentials,
  };
  const terminal = { out() {}, err() {}, live: false, colour: false, columns: 80, draw() {}, done() {} };
  const world = {
    ...{ terminal, env: { HOME: folder, FAIRLEAD_STATE: folder }, interrupted: new AbortController().signal },
    ...{ readFile: async () => '', newKey: () => 'k', now: () => new Date() },
    choose: async (flags: DestinationFlags) => {
      asked.push(flags);
      return stack;
    },
  };
  const down = async () => ({ outcome: 'nothing' as const, because: '' });
  return { asked, ...portsOf(world, { up: async () => 6, down, env: async () => undefined }) };
}

describe('a cluster and its administrator', () => {
  it('with a profile of its own are looked for in the region that the API is called in, also where no profile says one', async () => {
    const { asked, clusterAdmin } = ports();
    await clusterAdmin({ profile: 'api' }, { cluster, clusterProfile: 'other' });
    expect(asked).toEqual([
      { profile: 'api' },
      { endpoint: 'http://127.0.0.1:1/v1', region: 'us-east-1', profile: 'other' },
    ]);
  });

  it('with a profile that gives no credentials are not reached in another way: the profile was meant', async () => {
    const nobody = async () => {
      throw Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' });
    };
    await expect(ports(nobody).clusterAdmin({}, { cluster, clusterProfile: 'typo' })).rejects.toThrow(
      'cannot use --cluster-profile typo: no usable AWS credentials',
    );
    await expect(ports(nobody).clusterAdmin({}, { cluster })).resolves.toBeDefined();
  });

  it('with a kubeconfig that is not there are a wrong invocation, not a kubeconfig without contexts', async () => {
    const missing = join(folder, 'missing');
    await expect(ports().clusterAdmin({}, { cluster, kubeconfig: missing })).rejects.toThrow(
      `--kubeconfig '${missing}' cannot be read`,
    );
    await expect(ports().clusterAdmin({}, { cluster, kubeconfig: join(folder, 'kubeconfig') })).resolves.toBeDefined();
  });
});
