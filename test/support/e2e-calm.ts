/** What has to be true after every story, however it went: nothing open, no lease held, no stack trace and no secret said. */
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect } from 'vitest';
import { keys, ranges } from '../../domain/keys.ts';
import { leaseKey } from '../../domain/registry/place.ts';
import { cloudwatchLogs } from '../../local/aws/cloudwatch-logs.ts';
import { localClient } from '../../local/aws/local-clients.ts';
import type { RunningStack } from '../../local/stack/stack-state.ts';
import type { Story } from './e2e-story.ts';
import type { E2eWorld } from './e2e-world.ts';

/** Beginnings of an access key, of a token for Kubernetes and of any bearer's; a stack trace's lines, as they are or in JSON. */
const NEVER_SAID = /\bA[KS]IA[A-Z0-9]{12,}|k8s-aws-v1\.|Bearer |"stack(Trace)?":|(\n|\\n)\s+at .+:\d+:\d+/;

/** @param since milliseconds since 1970: what functions said from then on is read. */
export async function expectCalm(world: E2eWorld, story: Story, since: number): Promise<void> {
  const { table, stack } = world;
  expect(await table.query(ranges.open(story.name))).toEqual([]);
  const { items } = await table.rolloutsOf(story.name, { limit: 100 });
  for (const { id } of items) {
    expect(await table.get(keys.wait(id))).toBeUndefined();
    for (const { place } of await table.query(ranges.deployments(id))) {
      expect((await table.get(leaseKey(place)))?.holder).toBeUndefined();
    }
  }
  for (const environment of story.environments) {
    const last = (await story.history(environment)).at(-1);
    expect(last?.status ?? 'absent').not.toMatch(/^pending|^uninstalling/);
  }
  const key = await digestKeyOf(stack);
  const lines = await saidSince(stack, since);
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    expect(line).not.toMatch(NEVER_SAID);
    expect(line).not.toContain(key);
  }
}

/** Every line of every function. MiniStack trips over groups that are made while it lists them, so it may be asked twice. */
export async function saidSince({ endpoint }: RunningStack, since: number): Promise<readonly string[]> {
  const logs = cloudwatchLogs(endpoint);
  const read = async () => {
    const groups = await logs.groups('/aws/');
    const events = await Promise.all(groups.map((group) => logs.events(group, since, Date.now() + 1000)));
    return events.flat().map(({ message }) => message);
  };
  return await read().catch(read);
}

async function digestKeyOf({ endpoint }: RunningStack): Promise<string> {
  const secrets = new SecretsManagerClient(localClient(endpoint));
  try {
    const { SecretList = [] } = await secrets.send(new ListSecretsCommand({}));
    const found = SecretList.find(({ Description }) => Description?.startsWith('Key of the digests'));
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: found?.ARN }));
    if (SecretString === undefined) throw new Error('the stack has no digest key');
    return SecretString;
  } finally {
    secrets.destroy();
  }
}
