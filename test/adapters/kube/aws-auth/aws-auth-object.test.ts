import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { awsAuthObject, backupOf } from '../../../../adapters/kube/aws-auth/aws-auth-object.ts';
import { type PretendProgram, pretendProgram } from '../../../support/pretend-program.ts';

/** Says what SAY holds; with FAIL it says it as an error. What it is given on its standard input goes to its arguments' record. */
const KUBECTL = `
const given = fs.readFileSync(0, 'utf8');
fs.writeFileSync(path.join(path.dirname(process.argv[1]), 'given'), given + '\\n' + process.env.KUBECONFIG);
if (process.env.FAIL) { console.error(process.env.FAIL); process.exit(1); }
console.log(process.env.SAY);
`;
const OBJECT = {
  metadata: { name: 'aws-auth', uid: 'u', resourceVersion: '7', labels: { a: 'b' } },
  data: { mapRoles: '# hello\n- rolearn: a' },
  immutable: false,
};
const change = { object: OBJECT, before: '', after: '' };

let kubectl: PretendProgram;
beforeEach(async () => {
  kubectl = await pretendProgram('kubectl', KUBECTL);
});
afterEach(() => kubectl.gone());
const object = (env: Record<string, string>) =>
  awsAuthObject({ kubectl: kubectl.command, env, kubeconfig: '/k', context: 'main' });
const said = (reason: string) => ({ FAIL: `Error from server (${reason}): no` });

describe('aws-auth by kubectl', () => {
  it('is read whole, in the context that was chosen', async () => {
    expect(await object({ SAY: JSON.stringify(OBJECT) }).read()).toEqual({ found: OBJECT });
    expect(await kubectl.calls()).toEqual([
      [
        'get',
        '--raw',
        '/api/v1/namespaces/kube-system/configmaps/aws-auth',
        '--context',
        'main',
        '--request-timeout',
        '20s',
      ],
    ]);
  });

  it('that is not there is none', async () => {
    expect(await object(said('NotFound')).read()).toEqual({ found: undefined });
  });

  it.each(['Forbidden', 'Unauthorized'])('that may not be read (%s) names the missing right', async (reason) => {
    expect(await object(said(reason)).read()).toMatchObject({
      because: expect.stringMatching(/context 'main' may not get configmap aws-auth/),
    });
  });

  it('that cannot be reached is told in kubectl’s words', async () => {
    const unreachable = object({ FAIL: 'The connection to the server 127.0.0.1:1 was refused' });
    await expect(unreachable.read()).rejects.toThrow(
      /^kubectl get: The connection to the server 127.0.0.1:1 was refused$/,
    );
    await expect(unreachable.write({ how: 'replace', ...change })).rejects.toThrow(/was refused/);
  });

  it.each([
    ['create', 'AlreadyExists'],
    ['replace', 'Conflict'],
    ['replace', 'NotFound'],
    ['delete', 'Conflict'],
  ] as const)('lost to somebody else by %s (%s) is a race', async (how, reason) => {
    expect(await object(said(reason)).write({ how, ...change })).toEqual({ written: false, raced: true });
  });

  it.each([
    ['create', 'create'],
    ['replace', 'update'],
    ['delete', 'delete'],
  ] as const)('that may not be written by %s names the right to %s', async (how, verb) => {
    const denied = {
      written: false,
      raced: false,
      because: expect.stringContaining(`may not ${verb} configmap aws-auth`),
    };
    expect(await object(said('Forbidden')).write({ how, ...change })).toEqual(denied);
  });

  it('is never replaced without the version that was read', async () => {
    const { resourceVersion: _, ...metadata } = OBJECT.metadata;
    const blind = object({ SAY: '{}' }).write({ how: 'replace', ...change, object: { ...OBJECT, metadata } });
    await expect(blind).rejects.toThrow(/without its resourceVersion/);
    expect(await kubectl.calls()).toEqual([]);
  });

  it('is kept as a file that can be put back whatever happened since', () => {
    const { uid: _uid, resourceVersion: _version, ...metadata } = OBJECT.metadata;
    expect(
      parse(backupOf({ ...OBJECT, metadata: { ...OBJECT.metadata, managedFields: [], creationTimestamp: 'x' } })),
    ).toEqual({ ...OBJECT, metadata });
  });
});
