/** One value as YAML, read as helm reads values files: what a template computed. What is broken is told by line and column, never with its text. */
import type { ReadYaml } from '../../domain/values/compute-values.ts';
import { parseAsHelm } from './yaml-of-helm.ts';

/** Each use of an anchor counts with all it stands for. */
const MAX_ALIASES = 1000;

export const readYamlText: ReadYaml = (text) => {
  const { document, lines } = parseAsHelm(text);
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    return { ok: false, because: `is not YAML at line ${line}, column ${col}` };
  }
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: MAX_ALIASES }) };
  } catch (error) {
    // The parser finds some faults only when it puts the parts together.
    if (error instanceof Error) return { ok: false, because: 'is YAML whose anchors do not hold together' };
    throw error;
  }
};
