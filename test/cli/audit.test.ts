import { describe, expect, it } from 'vitest';
import { testCli } from './support.ts';

describe('audit', () => {
  it('shows who changed what, from where', async () => {
    const cli = await testCli();
    await cli.run('abort webui latest');
    await cli.run('package put extra --namespace extra');
    const { code, out } = await cli.run('audit --since 2h --package extra');
    expect(code).toBe(0);
    const [head, line, ...more] = out.split('\n');
    expect(head?.split(/ +/)).toEqual(['at', 'what', 'package', 'environment', 'rollout', 'from', 'who', 'why']);
    expect(line).toMatch(/^2026-11-21T\S+ +putPackage +extra +198\.51\.100\.7 +fairlead-operator\/ada$/);
    expect(more).toEqual([]);
  });

  it('is a list in JSON, also when there is nothing to tell', async () => {
    const cli = await testCli();
    expect(JSON.parse((await cli.run('audit --until 2020-01-02T00:00:00Z --since 2020-01-01 --json')).out)).toEqual([]);
    expect((await cli.run('audit --until 2020-01-02T00:00:00Z --since 2020-01-01')).out).toBe(
      'nothing was changed in this time',
    );
  });

  it.each([
    ['--since tomorrow', "--since 'tomorrow' is no time: write it as 90m, 24h, 7d or 2026-11-21T10:00:00Z"],
    ['--since 0d', "--since '0d' is no time"],
    ['--until 2026-99-99', "--until '2026-99-99' is no time: write it as 90m, 24h, 7d or 2026-11-21T10:00:00Z"],
    ['--package Web/UI', "'Web/UI' is no package"],
  ])('refuses %s', async (flags, words) => {
    const { code, err } = await (await testCli()).run(`audit ${flags}`);
    expect(code).toBe(6);
    expect(err).toContain(words);
  });
});

describe('--break-glass', () => {
  it('is refused for a role that is no emergency role, and so cannot hide a usual change among emergencies', async () => {
    const cli = await testCli();
    const { code, err } = await cli.run(['package', 'put', 'extra', '--namespace', 'x', '--break-glass', 'Störung 42']);
    expect(code).toBe(6);
    expect(err).toContain('is for the emergency role');
  });

  it('is not sent with what only reads', async () => {
    const cli = await testCli();
    expect((await cli.run(['package', 'list', '--break-glass', 'why not'])).code).toBe(0);
  });
});
