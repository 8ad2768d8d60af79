/** Time as it is, for machines in this process whose tasks do real work: nobody's limits are tried here, so only short waits end. */
import type { VirtualTime } from '../../local/asl/virtual-time.ts';

/** What is longer is the limit of a task or a machine, not a wait. */
const LONGEST_WAIT_SECONDS = 29;

export const realTime: VirtualTime = {
  now: () => new Date(),
  sleep(seconds) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = seconds > LONGEST_WAIT_SECONDS ? undefined : setTimeout(resolve, seconds * 1000);
    return { over: promise, cancel: () => clearTimeout(timer) };
  },
  run: (work) => work,
};
