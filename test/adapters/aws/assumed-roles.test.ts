import { AssumeRoleCommand, STSClient, STSServiceException } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { assumedRoles } from '../../../adapters/aws/assumed-roles.ts';

const role = { roleArn: 'arn:aws:iam::222222222222:role/x', externalId: 'f3a9c1d2', session: 'prod-eu' };
const MINUTE = 60_000;
const sts = mockClient(STSClient);
beforeEach(() => void sts.reset());
const client = () => new STSClient({ region: 'eu-north-1' });
const answerAt = (start: number) => ({
  Credentials: {
    AccessKeyId: 'a',
    SecretAccessKey: 'b',
    SessionToken: `t${start}`,
    Expiration: new Date(start + 60 * MINUTE),
  },
});

test('the role is told the external id and the session, for the hour that a chained session may last', async () => {
  sts.on(AssumeRoleCommand).resolves(answerAt(0));
  expect(await assumedRoles({ sts: client(), now: () => new Date(0) })(role)).toEqual({
    assumed: true,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 't0' },
  });
  expect(sts.call(0).args[0].input).toEqual({
    RoleArn: role.roleArn,
    RoleSessionName: 'prod-eu',
    ExternalId: 'f3a9c1d2',
    DurationSeconds: 3600,
  });
});

test('a session is kept while every token that is signed with it lives shorter than it, then renewed', async () => {
  let now = 0;
  sts.on(AssumeRoleCommand).callsFake(() => answerAt(now));
  const assume = assumedRoles({ sts: client(), now: () => new Date(now) });
  await assume(role);
  now = 39 * MINUTE;
  expect(await assume(role)).toMatchObject({ credentials: { sessionToken: 't0' } });
  now = 40 * MINUTE;
  expect(await assume(role)).toMatchObject({ credentials: { sessionToken: `t${now}` } });
  expect(sts.calls()).toHaveLength(2);
});

test('each environment has a session of its own', async () => {
  sts.on(AssumeRoleCommand).resolves(answerAt(0));
  const assume = assumedRoles({ sts: client(), now: () => new Date(0) });
  await assume(role);
  await assume({ ...role, session: 'prod-us' });
  await assume(role);
  expect(sts.calls()).toHaveLength(2);
});

test('a refusal says which role, in what words, and what to do; the next call asks again', async () => {
  const denied = new STSServiceException({ name: 'AccessDenied', $fault: 'client', message: 'no', $metadata: {} });
  sts.on(AssumeRoleCommand).rejectsOnce(denied).resolves(answerAt(0));
  const assume = assumedRoles({ sts: client(), now: () => new Date(0) });
  expect(await assume(role)).toEqual({
    assumed: false,
    because:
      'sts:AssumeRole arn:aws:iam::222222222222:role/x answered AccessDenied: deploy ClusterAccess in that account for this deployer, with the externalId that fairlead.yaml has for it',
  });
  expect(await assume(role)).toMatchObject({ assumed: true });
});

test('an answer without a session is none', async () => {
  sts.on(AssumeRoleCommand).resolves({});
  expect(await assumedRoles({ sts: client(), now: () => new Date(0) })(role)).toMatchObject({
    assumed: false,
    because: expect.stringContaining('gave no session'),
  });
});

test.each([
  ['a', 'a-'],
  ['x'.repeat(80), 'x'.repeat(64)],
])('a session named %s is called as STS takes it', async (session, name) => {
  sts.on(AssumeRoleCommand).resolves(answerAt(0));
  await assumedRoles({ sts: client(), now: () => new Date(0) })({ ...role, session });
  expect(sts.call(0).args[0].input).toMatchObject({ RoleSessionName: name });
});

test('no way to STS at all is trouble, not an answer', async () => {
  sts.on(AssumeRoleCommand).rejects(new Error('getaddrinfo ENOTFOUND'));
  await expect(assumedRoles({ sts: client(), now: () => new Date(0) })(role)).rejects.toThrow('ENOTFOUND');
});
