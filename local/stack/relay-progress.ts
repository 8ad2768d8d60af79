import type { Progress, Step } from '../progress.ts';
import type { KeeperReport } from './keeper-messages.ts';

type StepReport = KeeperReport & { report: 'step' };

/** A progress that turns every word into a message, for the keeper. */
export function sentProgress(send: (report: StepReport) => void): Progress {
  let last = 0;
  return {
    step(title) {
      last += 1;
      const id = last;
      const say = (event: StepReport['event'], text?: string) =>
        send({ report: 'step', id, event, ...(text === undefined ? {} : { text }) });
      say('begin', title);
      return {
        update: (text) => say('update', text),
        done: (text) => say('done', text),
        fail: (text) => say('fail', text),
      };
    },
  };
}

/** The other end: shows on `progress` what the messages say. */
export function shownProgress(progress: Progress): (report: StepReport) => void {
  const steps = new Map<number, Step>();
  return ({ id, event, text }) => {
    if (event === 'begin') steps.set(id, progress.step(text ?? ''));
    else if (event === 'done') steps.get(id)?.done(text);
    else steps.get(id)?.[event](text ?? '');
  };
}
