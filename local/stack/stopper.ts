/** Things to stop, in the reverse of the order they came up. */
export class Stopper {
  private readonly stops: { readonly name: string; readonly stop: () => Promise<unknown> }[] = [];
  private stopping: Promise<void> | undefined;

  /** Whether the end has begun, so that what ends now does so on request. */
  get begun(): boolean {
    return this.stopping !== undefined;
  }

  /** Keeps `stop` for later; stops at once when the stopping has begun, so that nothing that comes up late is left running. */
  async add(name: string, stop: () => Promise<unknown>): Promise<void> {
    if (this.stopping !== undefined) {
      await stop();
      throw new Error(`${name} came up while the stack was being stopped`);
    }
    this.stops.push({ name, stop });
  }

  /** Stops everything, each even when another fails to; throws what failed. Asked twice, it stops once. */
  stop(): Promise<void> {
    this.stopping ??= this.stopAll();
    return this.stopping;
  }

  private async stopAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const { name, stop } of this.stops.reverse()) {
      await stop().catch((cause: unknown) => failures.push(new Error(`${name} could not be stopped`, { cause })));
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be stopped');
  }
}
