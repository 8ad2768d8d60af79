import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { pathExport, shellExport } from '../../cli/shell-export.ts';

test('a shell reads back exactly what was exported, whatever the value', () => {
  const env = {
    PLAIN: 'http://127.0.0.1:1/a?b=c&d',
    QUOTED: `o'neil "said" $HOME \`id\` ; \\ end`,
    EMPTY: '',
    LINES: 'a\nb',
  };
  const lines = Object.entries(env).map(([name, value]) => `${shellExport(name, value)}\n`);
  const script = `${lines.join('')}printf '%s|' "$PLAIN" "$QUOTED" "$EMPTY" "$LINES"`;
  expect(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })).toBe(`${Object.values(env).join('|')}|`);
});

test('folders come after those that PATH has already', () => {
  const script = `PATH=/usr/bin:/bin\n${pathExport(["/o'neil/helm", '/kubectl'])}\nprintf %s "$PATH"`;
  expect(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })).toBe("/usr/bin:/bin:/o'neil/helm:/kubectl");
});
