/** A secret from stdin, or typed by whoever sits at the terminal, where nobody sees it. */
import { text } from 'node:stream/consumers';
import type { Ports } from '../cli/ports.ts';

const [ENTER, CTRL_C, CTRL_D, BACKSPACE, DELETE] = ['\r', '\u0003', '\u0004', '\b', '\u007f'];

/** Of what is piped in, one line end at the end is not part of it. Undefined at Ctrl-C, or where nobody sees the question. */
export function readSecretOn({ stdin, stderr }: Pick<NodeJS.Process, 'stdin' | 'stderr'>): Ports['readSecret'] {
  return async (question) => {
    if (stdin.isTTY !== true) return (await text(stdin)).replace(/\r?\n$/, '');
    if (stderr.isTTY !== true) return undefined;
    stderr.write(question);
    stdin.setRawMode(true);
    stdin.setEncoding('utf8');
    try {
      return await typed(stdin);
    } finally {
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
    }
  };
}

function typed(stdin: NodeJS.Process['stdin']): Promise<string | undefined> {
  let line: Line = { ended: false, characters: [] };
  return new Promise((resolve) => {
    const end = (answer: string | undefined) => {
      stdin.off('data', take);
      stdin.off('end', gone);
      resolve(answer);
    };
    const gone = () => end(undefined);
    const take = (chunk: string | Buffer) => {
      line = [...String(chunk)].reduce(pressed, line);
      if (line.ended) end(line.text);
    };
    stdin.on('data', take);
    stdin.once('end', gone);
    stdin.resume();
  });
}

type Line =
  | { readonly ended: false; readonly characters: readonly string[] }
  | { readonly ended: true; readonly text: string | undefined };

/** One key more; what is typed behind the end of the line is not for us. */
function pressed(line: Line, key: string): Line {
  if (line.ended) return line;
  const { characters } = line;
  if (key === ENTER || key === '\n') return { ended: true, text: characters.join('') };
  if (key === CTRL_C || key === CTRL_D) return { ended: true, text: undefined };
  const isErase = key === BACKSPACE || key === DELETE;
  return { ended: false, characters: isErase ? characters.slice(0, -1) : [...characters, key] };
}
