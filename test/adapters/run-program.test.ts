import { afterEach, describe, expect, it } from 'vitest';
import { runProgram } from '../../adapters/run-program.ts';
import { NotDone } from '../../contracts/not-done.ts';

const env = { KEPT: 'yes' };
/** A program of Node's own, so that it runs wherever the tests do. */
const node = (script: string, more: { timeoutMilliseconds?: number; input?: string } = {}) =>
  runProgram({ command: process.execPath, args: ['-e', script], env, timeoutMilliseconds: 20_000, ...more });

describe('a program', () => {
  it('gives what it printed, and has the environment it was given and nothing else', async () => {
    const found = await node("console.log(JSON.stringify(process.env)); console.error('aside')");
    expect(JSON.parse(found.stdout)).toEqual({ KEPT: 'yes' });
    expect(found.stderr).toBe('aside\n');
  });

  it('reads its input to the end, and nothing when there is none', async () => {
    const echo = 'process.stdin.pipe(process.stdout)';
    expect((await node(echo, { input: 'a password' })).stdout).toBe('a password');
    expect((await node(echo)).stdout).toBe('');
  });

  it('that ends before it has read its input does no harm', async () => {
    expect((await node('process.stdin.destroy()', { input: 'x'.repeat(5_000_000) })).stdout).toBe('');
  });

  it('gets its arguments as they are: no shell reads them', async () => {
    const args = ['-e', 'console.log(process.argv[1])', '$(id); `id` "*"'];
    const { stdout } = await runProgram({ command: process.execPath, args, env, timeoutMilliseconds: 20_000 });
    expect(stdout).toBe('$(id); `id` "*"\n');
  });
});

describe('a program that fails is told', () => {
  it.each([
    ['by its last line', "console.error('walking'); console.error('it fell'); process.exit(1)", /^node -e: it fell$/],
    [
      'from its last error on',
      String.raw`console.error('W1 warning\nError: two errors:\n\t* one\n\t* two\n\n'); process.exit(1)`,
      /^node -e: two errors: \* one \* two$/,
    ],
    ['without words by how it ended', 'process.exit(3)', /^node -e: Command failed/],
  ])('%s', async (_what, script, words) => {
    await expect(node(script)).rejects.toThrow(words);
    await expect(node(script)).rejects.toThrow(NotDone);
  });

  it('when it is not there', async () => {
    const missing = { command: '/nowhere/helm', args: ['push'], env, timeoutMilliseconds: 1000 };
    await expect(runProgram(missing)).rejects.toThrow('helm push: there is no such program on this machine');
  });

  it('when it prints without end', async () => {
    await expect(node("setInterval(() => process.stdout.write('x'.repeat(1e6)), 0)")).rejects.toThrow(
      /printed more than 10000000 bytes/,
    );
  });
});

describe('a program that takes too long', () => {
  let pid: number | undefined;
  afterEach(() => {
    if (pid === undefined) return;
    expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
  });

  it('is stopped, also when it would not listen, and that is said', async () => {
    const deaf = "process.on('SIGTERM', () => {}); console.error(process.pid); setInterval(() => {}, 1000)";
    const failed = await node(deaf, { timeoutMilliseconds: 700 }).catch((error: unknown) => error as Error);
    expect(failed).toMatchObject({ message: 'node -e: was not done after 0.7 s and was stopped' });
    pid = Number((failed as unknown as { cause: { stderr: string } }).cause.stderr);
    expect(pid).toBeGreaterThan(1);
  });
});
