/** After a restore one command compares everything, and says what is left to do. */
import { describe, expect, it } from 'vitest';
import type { ReadRevisions, RevisionsAnswer } from '../../contracts/revisions.ts';
import { keys } from '../../domain/keys.ts';
import { aRelease } from '../support/items.ts';
import { testCli } from './support.ts';

const read = (...revisions: Extract<RevisionsAnswer, { outcome: 'read' }>['revisions']): RevisionsAnswer => ({
  outcome: 'read',
  revisions,
});
const AGREES = read({ revision: 4, status: 'deployed' });
const NEWER = read({ revision: 4, status: 'superseded' }, { revision: 5, status: 'deployed' });
const STUCK = read({ revision: 4, status: 'deployed' }, { revision: 5, status: 'pending-upgrade' });

async function cliWith(answers: Readonly<Record<string, RevisionsAnswer>>) {
  const readRevisions: ReadRevisions = async (_deployer, { environment }) => answers[environment] ?? AGREES;
  const cli = await testCli({ readRevisions });
  const item = (environment: string) => ({ ...aRelease({ environment }), package: 'webui' });
  await cli.api.table.transact(
    Object.keys(answers).map((environment) => ({
      do: 'put' as const,
      key: keys.release(environment, 'webui'),
      item: item(environment),
      expect: 'absent' as const,
    })),
  );
  return cli;
}

describe('recover', () => {
  it('says what differs, and which command lets the table learn; exit 1', async () => {
    const cli = await cliWith({ dev: AGREES, staging: NEWER });
    const { code, out } = await cli.run('recover');
    expect(code).toBe(1);
    expect(out).toMatch(/dev +webui +agrees +as the table says/);
    expect(out).toMatch(/staging +webui +differs +revision 5 \(deployed\) stands there, the table knows revision 4/);
    expect(out.split('\n').at(-1)).toBe(
      "2 releases: 1 agrees, 1 differs: 'fairlead recover --apply' lets the table learn",
    );
  });

  it('lets the table learn, aborts what it believes open, and is content the second time', async () => {
    const cli = await cliWith({ staging: NEWER });
    await cli.run('rollout webui --version 1.4.2 --no-wait');
    const { code, out } = await cli.run('recover --apply');
    expect([code, out]).toEqual([0, expect.stringMatching(/^aborted, since the table does not know .*: webui 01JD/)]);
    expect(out).toMatch(/1 releases: 1 recovered$/);
    expect(JSON.parse((await cli.run('recover --json')).out)).toMatchObject({ releases: [{ state: 'agrees' }] });
    const [{ id }] = JSON.parse((await cli.run('status webui --json')).out);
    expect(await cli.api.table.get(keys.rollout(id))).toMatchObject({ abort: { reason: /./ } });
  });

  it('aborts nothing when it is asked about some environments only', async () => {
    const cli = await cliWith({ dev: NEWER, staging: NEWER });
    await cli.run('rollout webui --version 1.4.2 --no-wait');
    const { out } = await cli.run('recover --apply --environment dev');
    expect(out).not.toContain('aborted');
    expect(out).toMatch(/1 releases: 1 recovered$/);
  });

  it('names what a person has to do, and is not content before that is done', async () => {
    const { code, out } = await (await cliWith({ dev: STUCK })).run('recover --apply');
    expect(code).toBe(1);
    expect(out).toMatch(/by hand: revision 5 stands pending-upgrade: finish it or roll it back with helm/);
  });

  it('is not content where a cluster does not tell', async () => {
    const cli = await cliWith({ dev: { outcome: 'unreadable', because: 'no route to host' } });
    expect(await cli.run('recover')).toMatchObject({
      code: 1,
      out: expect.stringMatching(/unreadable +no route to host/),
    });
  });

  it('draws its progress on terminals only: a file has no lines to go back to', async () => {
    const cli = await cliWith({ dev: AGREES });
    await cli.run('recover');
    expect(cli.drawn).toEqual([]);
  });

  it('says so when there is nothing to compare', async () => {
    expect(await (await testCli()).run('recover')).toMatchObject({ code: 0, out: 'the table knows of no release' });
  });
});
