import { expect, test } from 'vitest';
import type { Progress } from '../../../local/progress.ts';
import { KeeperReport } from '../../../local/stack/keeper-messages.ts';
import { sentProgress, shownProgress } from '../../../local/stack/relay-progress.ts';

test('what a keeper says of its steps is shown as if it happened here, each by its own step', () => {
  const shown: string[] = [];
  const here: Progress = {
    step: (title) => ({
      update: (text) => shown.push(`${title} ~ ${text}`),
      done: (text) => shown.push(`${title} ✓ ${text ?? ''}`),
      fail: (text) => shown.push(`${title} ✗ ${text}`),
    }),
  };
  const show = shownProgress(here);
  // Over the channel it goes as JSON.
  const there = sentProgress((report) => {
    const arrived = KeeperReport.parse(JSON.parse(JSON.stringify(report)));
    if (arrived.report === 'step') show(arrived);
  });
  const aws = there.step('AWS');
  const cluster = there.step('cluster');
  aws.update('starting');
  cluster.fail('no etcd');
  aws.done();
  expect(shown).toEqual(['AWS ~ starting', 'cluster ✗ no etcd', 'AWS ✓ ']);
});
