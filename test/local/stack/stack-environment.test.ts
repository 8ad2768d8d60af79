import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellExports } from '../../../local/stack/stack-environment.ts';

test('a shell reads back exactly what was exported, whatever the value', () => {
  const env = {
    PLAIN: 'http://127.0.0.1:1/a?b=c&d',
    QUOTED: `o'neil "said" $HOME \`id\` ; \\ end`,
    EMPTY: '',
    LINES: 'a\nb',
  };
  const script = `${shellExports(env)}printf '%s|' "$PLAIN" "$QUOTED" "$EMPTY" "$LINES"`;
  expect(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })).toBe(`${Object.values(env).join('|')}|`);
});
