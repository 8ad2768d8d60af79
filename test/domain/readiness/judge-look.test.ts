import { describe, expect, test } from 'vitest';
import { gracesFor, judgeLook } from '../../../domain/readiness/judge-look.ts';
import type { HelmStatus, RevisionContent } from '../../../domain/release/release-history.ts';
import { badPod, crashLooping, deployment, NOW, ref, replicaSet, stuckDeployment } from '../../support/kube-objects.ts';

const web = stuckDeployment();
const set = replicaSet('web-new', '4', web);
const latest = (revision: number, status: HelmStatus = 'deployed'): RevisionContent => ({
  revision,
  status,
  labels: {},
  description: '',
  chart: { name: 'web', version: '1.0.0' },
  objects: [],
  hooks: [],
});
const look = (found: typeof web, at: RevisionContent | undefined = latest(7), pods: (typeof web)[] = []) => ({
  history: { revisions: [], latest: at },
  seen: { objects: [{ ref: ref(found), found }], replicaSets: [set], pods },
});
const expected = { revision: 7, until: new Date(NOW.getTime() + 1000).toISOString(), graces: gracesFor(5) };
const later = new Date(NOW.getTime() + 1000);

describe('one look at a release', () => {
  test('all well is ready', () => {
    expect(judgeLook(look(deployment()), expected, NOW).outcome).toBe('ready');
  });

  test('ready counts even after the time is over', () => {
    expect(judgeLook(look(deployment()), expected, later).outcome).toBe('ready');
  });

  test('not well while there is time is not yet', () => {
    expect(judgeLook(look(web), expected, NOW).outcome).toBe('not-yet');
  });

  test('not well when the time is over is out of time, naming what was waited for', () => {
    expect(judgeLook(look(web), expected, later)).toEqual({
      outcome: 'failed',
      failure: {
        code: 'out-of-time',
        because: `not ready by ${expected.until}: Deployment web/web: 1 of 2 replicas are new`,
        objects: [{ kind: 'Deployment', name: 'web', namespace: 'web', because: '1 of 2 replicas are new' }],
      },
    });
  });

  test('what cannot get ready fails long before the time is over', () => {
    const judged = judgeLook(look(web, latest(7), [badPod('new', set, crashLooping)]), expected, NOW);
    expect(judged).toMatchObject({ outcome: 'failed', failure: { code: 'not-ready' } });
  });

  test.each<[string, RevisionContent | undefined]>([
    ['a newer revision', latest(8)],
    ['a newer revision under way', latest(8, 'pending-upgrade')],
    ['an older revision', latest(6)],
    ['a release that is being uninstalled', latest(7, 'uninstalling')],
    ['a release that is gone', undefined],
  ])('%s is somebody else’s work, however well its objects are', (_, at) => {
    const gone = { history: { revisions: [], latest: at }, seen: look(deployment()).seen };
    expect(judgeLook(gone, expected, NOW)).toMatchObject({ outcome: 'failed', failure: { code: 'foreign-operation' } });
  });

  test('an impatient package gives less time to find a node', () => {
    expect(gracesFor(0.5).schedulingSeconds).toBe(15);
    expect(gracesFor(30).schedulingSeconds).toBe(120);
  });
});
