/** Task tokens that are waited on. A token belongs to one attempt of one task and is known only while that waits. */
export class Tokens {
  readonly #waiting = new Map<string, (output: unknown) => void>();

  /** Promises what `token` is answered with. */
  answerTo(token: string): Promise<unknown> {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.#waiting.set(token, resolve);
    return promise;
  }

  isWaiting(token: string): boolean {
    return this.#waiting.has(token);
  }

  /** Nobody waits on it any more. */
  forget(token: string): void {
    this.#waiting.delete(token);
  }

  /** Ends the wait, if there is one. */
  answer(token: string, output: unknown): 'woken' | 'gone' {
    const wake = this.#waiting.get(token);
    if (wake === undefined) return 'gone';
    this.#waiting.delete(token);
    wake(output);
    return 'woken';
  }
}
