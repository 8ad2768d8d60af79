/** The licenses of what is in the template engine's binary: Go's own, and those of all modules that are linked into it. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ENGINE } from './build-template-engine.ts';
import { mustRun } from './run-tool.ts';

const MODULE = '{{with .Module}}{{if .Version}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}';

/** Each text once, under the names and versions that it is of. @throws with Go's words, or when a module has no license */
export async function licensesOfEngine(go: string, env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const ask = (...args: string[]) =>
    mustRun({ command: go, args, cwd: ENGINE, env: { ...env, GOOS: 'wasip1', GOARCH: 'wasm' }, timeoutMs: 300_000 });
  const listed = await ask('list', '-deps', '-f', MODULE, '.');
  const root = (await ask('env', 'GOROOT')).trim();
  const version = (await ask('env', 'GOVERSION')).trim();
  const modules = [...new Set(listed.split('\n'))].filter((line) => line !== '').sort();
  const of = [`Go ${version.replace(/^go/, '')}\t${root}`, ...modules].map(async (line) => {
    const [name = '', folder = ''] = line.split('\t');
    return { name, text: await licenseIn(name, folder) };
  });
  const byText = Map.groupBy(await Promise.all(of), ({ text }) => text);
  return [...byText].map(([text, all]) => `${all.map(({ name }) => `== ${name}`).join('\n')}\n\n${text}\n`).join('\n');
}

async function licenseIn(name: string, folder: string): Promise<string> {
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file)).sort();
  if (files.length === 0) throw new Error(`${name} has no license file`);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return texts.map((text) => text.trim().replaceAll('\r\n', '\n')).join('\n\n');
}
