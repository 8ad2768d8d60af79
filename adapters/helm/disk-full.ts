/** No room for what helm needs on disk: our own trouble, told as what it is. */
import type { HelmProblem } from '../../domain/release/helm.ts';

/** Neither the cluster nor the chart is to blame, and nothing was asked of either. */
export class DiskFull extends Error {
  override readonly name = 'DiskFull';
}

/** For `catch` of a write below `folder`: says that the disk is full, where that is why. @throws DiskFull, else what it is given. */
export function diskFull(folder: string): (error: unknown) => never {
  return (error) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error;
    const because = `the deployer's disk (${folder}) is full, so chart and values could not be written for helm`;
    throw new DiskFull(`${because}: give its function more ephemeral storage, or roll out a smaller chart`, {
      cause: error,
    });
  };
}

/** A full disk as helm's problem; anything else is thrown on. */
export function problemOfDisk(error: unknown): { readonly ok: false; readonly problem: HelmProblem } {
  if (error instanceof DiskFull) return { ok: false, problem: { code: 'disk-full', because: error.message } };
  throw error;
}
