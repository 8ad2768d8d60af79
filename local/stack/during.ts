import type { Progress, Step } from '../progress.ts';

/** Does `work` as one step of the progress, which ends as the work does. */
export async function during<T>(progress: Progress, title: string, work: (step: Step) => Promise<T>): Promise<T> {
  const step = progress.step(title);
  try {
    const result = await work(step);
    step.done();
    return result;
  } catch (error: unknown) {
    step.fail(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
    throw error;
  }
}
