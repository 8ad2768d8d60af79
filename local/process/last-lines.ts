import { type FileHandle, open } from 'node:fs/promises';

/** Enough for the longest log line that still helps a person. */
const TAIL_BYTES = 16_384;

/**
 * The last lines of a log file, for a message that says why a child ended. A file that does not exist has none.
 * @param count how many lines at most.
 */
export async function lastLines(path: string, count: number): Promise<string[]> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const { size } = await file.stat();
    const from = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(TAIL_BYTES), position: from });
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    // The first of a cut-off tail is half a line.
    return (from > 0 ? lines.slice(1) : lines).filter((line) => line.trim() !== '').slice(-count);
  } catch (error: unknown) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  } finally {
    // Not `await using`: dependency-cruiser's parser does not know it yet.
    await file?.close();
  }
}
