import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pushChart, type Registry } from '../../../adapters/helm/push-chart.ts';
import { NotDone } from '../../../contracts/not-done.ts';
import { type PretendProgram, pretendProgram } from '../../support/pretend-program.ts';

const PLACE = 'oci://registry.example:5000/charts/webui';
const DIGEST = `sha256:${'a'.repeat(64)}`;
/** Does what helm does as far as anybody here looks: makes an archive, and tells the digest on stderr. */
const HELM = `
const after = (flag) => args[args.indexOf(flag) + 1];
if (args[0] === 'package') fs.writeFileSync(path.join(after('--destination'), 'webui-' + after('--version') + '.tgz'), '');
if (args[0] === 'registry') fs.writeFileSync(path.join(__dirname, 'password'), fs.readFileSync(0));
if (args[0] === 'push' && process.env.FAILS) { console.error('Error: ' + process.env.FAILS); process.exit(1); }
if (args[0] === 'push' && !process.env.SILENT) console.error('Pushed: x\\nDigest: ${DIGEST}');
`;

let helm: PretendProgram;
beforeEach(async () => {
  helm = await pretendProgram('helm', HELM);
});
afterEach(() => helm.gone());

async function chart(text: string | undefined): Promise<string> {
  const folder = join(helm.folder, 'chart');
  await mkdir(folder);
  if (text !== undefined) await writeFile(join(folder, 'Chart.yaml'), text);
  return folder;
}

function pushing(registry: Registry = { plainHttp: false }, env: Record<string, string> = {}) {
  const asked: string[][] = [];
  const registryOf = async (host: string, repository: string) => {
    asked.push([host, repository]);
    return registry;
  };
  return { push: pushChart({ helm: helm.command, env, registryOf }), asked };
}

describe('a chart', () => {
  it('is packed and pushed to the folder of its place, and its digest told', async () => {
    const { push, asked } = pushing();
    expect(await push(await chart('name: webui\nversion: 1.0.0\n'), PLACE)).toEqual({
      version: '1.0.0',
      digest: DIGEST,
    });
    expect(asked).toEqual([['registry.example:5000', 'charts/webui']]);
    const [packed, pushed, ...more] = await helm.calls();
    expect([packed?.[0], pushed?.[0], more]).toEqual(['package', 'push', []]);
    expect(pushed?.slice(1, 3)).toEqual([
      expect.stringMatching(/webui-1\.0\.0\.tgz$/),
      'oci://registry.example:5000/charts',
    ]);
    expect(pushed).not.toContain('--plain-http');
    expect(existsSync(dirname(pushed?.[1] ?? ''))).toBe(false);
  });

  it('is packed as the version that was asked for', async () => {
    expect((await pushing().push(await chart('name: webui\nversion: 1.0.0\n'), PLACE, '1.1.0')).version).toBe('1.1.0');
  });

  it('goes over plain HTTP where the registry speaks only that', async () => {
    await pushing({ plainHttp: true }).push(await chart('name: webui\nversion: 1.0.0\n'), PLACE);
    expect((await helm.calls()).at(-1)).toContain('--plain-http');
  });

  it('of a registry with a login has its password on standard input, never on the command line or in a file of the user', async () => {
    const { push } = pushing({ plainHttp: false, login: { username: 'AWS', password: 'hush' } });
    await push(await chart('name: webui\nversion: 1.0.0\n'), PLACE);
    const calls = await helm.calls();
    expect(calls.map(([first]) => first)).toEqual(['package', 'registry', 'push']);
    expect(JSON.stringify(calls)).not.toContain('hush');
    const configs = calls.slice(1).map((args) => args[args.indexOf('--registry-config') + 1]);
    expect(new Set(configs).size).toBe(1);
    expect(existsSync(configs[0] ?? '')).toBe(false);
  });
});

describe('what does not fit is said before anything is pushed', () => {
  it.each<[string, string | undefined, RegExp]>([
    ['a folder without Chart.yaml', undefined, /chart is no chart: it has no Chart.yaml/],
    ['another name', 'name: shop\nversion: 1.0.0', /is called 'shop', but its place oci:.* ends in 'webui': rename/],
    ['no version', 'name: webui', /Chart.yaml is no chart's: version is missing/],
    ['a version that is a number', 'name: webui\nversion: 1.10', /version is missing or no text .*quotes/],
    ['no YAML', 'name: [', /Chart.yaml is not YAML/],
    ['an empty file', '', /Chart.yaml is no chart's: everything is missing/],
  ])('%s', async (_what, text, words) => {
    const { push, asked } = pushing();
    const pushed = push(await chart(text), PLACE);
    await expect(pushed).rejects.toThrow(words);
    await expect(pushed).rejects.toThrow(NotDone);
    expect([asked, await helm.calls()]).toEqual([[], []]);
  });
});

describe("helm's trouble", () => {
  it('is told in its words, and nothing is left behind', async () => {
    const { push } = pushing(undefined, { FAILS: '401 unauthorized' });
    await expect(push(await chart('name: webui\nversion: 1.0.0'), PLACE)).rejects.toThrow(
      'helm push: 401 unauthorized',
    );
    expect(existsSync(dirname((await helm.calls()).at(-1)?.[1] ?? ''))).toBe(false);
  });

  it('of not telling the digest is not passed over', async () => {
    const { push } = pushing(undefined, { SILENT: '1' });
    await expect(push(await chart('name: webui\nversion: 1.0.0'), PLACE)).rejects.toThrow(/did not say its digest/);
  });
});
