import { describe, expect, test } from 'vitest';
import { culpritsOf } from '../../../domain/evidence/culprits-of.ts';
import { logsWanted } from '../../../domain/evidence/logs-wanted.ts';
import { summarise } from '../../../domain/evidence/summarise.ts';
import { warningsOf } from '../../../domain/evidence/warnings-of.ts';
import {
  ago,
  badPod,
  container,
  crashLooping,
  event,
  NOW,
  pod,
  ref,
  replicaSet,
  service,
  stuckDeployment,
  waiting,
} from '../../support/kube-objects.ts';

const web = stuckDeployment();
const oldSet = replicaSet('web-old', '3', web);
const newSet = replicaSet('web-new', '4', web);
const crashing = badPod('web-new-1', newSet, crashLooping);
const seen = {
  objects: [web, service()].map((found) => ({ ref: ref(found), found })),
  replicaSets: [oldSet, newSet],
  pods: [badPod('web-old-1', oldSet, crashLooping), crashing, pod('web-new-2', newSet)],
};

describe('what is unwell', () => {
  test('are objects that are not as they should be, and their new pods that are not', () => {
    expect(culpritsOf(seen, NOW).objects).toEqual([
      { kind: 'Deployment', name: 'web', namespace: 'web', because: '1 of 2 replicas are new' },
      { kind: 'Pod', name: 'web-new-1', namespace: 'web', because: expect.stringContaining('CrashLoopBackOff') },
    ]);
  });

  test('shows at once, without the grace that decisions give', () => {
    const young = badPod('web-new-1', newSet, waiting('ErrImagePull'), { creationTimestamp: ago(1) });
    expect(culpritsOf({ ...seen, pods: [young] }, NOW).objects[1]?.because).toMatch(/cannot start \(ErrImagePull\)/);
  });

  test('is a missing object too', () => {
    const missing = { objects: [{ ref: ref(service()) }], replicaSets: [], pods: [] };
    expect(culpritsOf(missing, NOW).objects).toEqual([
      { kind: 'Service', name: 'web', namespace: 'web', because: 'it does not exist' },
    ]);
  });

  test('names a bare pod once', () => {
    const bare = badPod('bare', undefined, crashLooping);
    const only = { objects: [{ ref: ref(bare), found: bare }], replicaSets: [], pods: [] };
    expect(culpritsOf(only, NOW)).toMatchObject({ objects: [{ name: 'bare' }], pods: [bare] });
  });
});

describe('warnings', () => {
  const { subjects } = culpritsOf(seen, NOW);

  test('are those about what is unwell, its ReplicaSet among it, oldest first', () => {
    const events = [
      event(crashing, 'BackOff', 'Back-off restarting', 10),
      event(newSet, 'FailedCreate', 'exceeded quota', 40),
      event(web, 'ReplicaSetCreateError', 'no', 20),
      event(pod('stranger', undefined), 'BackOff', 'not ours', 5),
      event(oldSet, 'FailedCreate', 'long ago', 900),
      { ...event(crashing, 'Pulled', 'all well', 5), ...{ type: 'Normal' } },
    ];
    expect(warningsOf(events, subjects).map(({ reason, object }) => `${reason} ${object}`)).toEqual([
      'FailedCreate ReplicaSet web-new',
      'ReplicaSetCreateError Deployment web',
      'BackOff Pod web-new-1',
    ]);
  });

  test('of an earlier pod with the same name are not ours', () => {
    const earlier = { ...crashing, metadata: { ...crashing.metadata, uid: 'uid-of-yesterday' } };
    expect(warningsOf([event(earlier, 'BackOff', 'old', 500)], subjects)).toEqual([]);
  });

  test('are redacted, and the latest hundred', () => {
    const many = Array.from({ length: 120 }, (_, i) => event(crashing, 'Failed', `password=x ${i}`, 200 - i));
    const found = warningsOf(many, subjects);
    expect(found).toHaveLength(100);
    expect(found.at(-1)?.message).toBe('password=[redacted] 119');
  });
});

describe('logs', () => {
  const wanted = (...pods: Parameters<typeof logsWanted>[0]) =>
    logsWanted(pods).map(({ pod: name, container: of, previous }) => `${name}/${of}${previous ? ' before' : ''}`);

  test('are asked of containers that are not ready, and of their life before', () => {
    expect(wanted(crashing)).toEqual(['web-new-1/web', 'web-new-1/web before']);
  });

  test('are not asked of what is ready, has done its work or never started', () => {
    const done = container({ ready: false, state: { terminated: { exitCode: 0 } } });
    const never = waiting('ImagePullBackOff', { containerID: undefined });
    expect(wanted(pod('well', newSet), badPod('done', newSet, done), badPod('never', newSet, never))).toEqual([]);
  });

  test('of pods alike give way to those of another kind', () => {
    const alike = Array.from({ length: 12 }, (_, i) => badPod(`web-${i}`, newSet, container({ ready: false })));
    const other = badPod('queue-0', oldSet, container({ ready: false }));
    const asked = wanted(...alike, other);
    expect(asked).toHaveLength(10);
    expect(asked.slice(0, 2)).toEqual(['web-0/web', 'queue-0/web']);
  });
});

describe('the summary', () => {
  const failure = { because: 'Pod web/web-new-1: container web crashes again and again' };
  const objects = culpritsOf(seen, NOW).objects;
  const events = warningsOf([event(crashing, 'BackOff', 'Back-off\nrestarting', 10)], culpritsOf(seen, NOW).subjects);
  const logs = [
    { pod: 'web-new-1', container: 'web', previous: false, lines: ['', '  '] },
    { pod: 'web-new-1', container: 'web', previous: true, lines: ['one', 'two', 'three', 'cannot reach database', ''] },
  ];

  test('says why, who, what the cluster complained about, and the last words', () => {
    expect(summarise({ failure, objects, events, logs, gaps: [] })).toEqual([
      'Pod web/web-new-1: container web crashes again and again',
      'Deployment web/web: 1 of 2 replicas are new',
      expect.stringMatching(/^Pod web\/web-new-1: container web crashes again and again \(CrashLoopBackOff/),
      'event BackOff on Pod web-new-1: Back-off restarting',
      'log of web-new-1/web: two',
      'log of web-new-1/web: three',
      'log of web-new-1/web: cannot reach database',
    ]);
  });

  test('has at most ten lines of at most 300 characters', () => {
    const many = Array.from({ length: 30 }, (_, i) => ({ kind: 'Pod', name: `p${i}`, because: 'x'.repeat(400) }));
    const warnings = many.map(({ name }) => ({
      type: 'Warning',
      reason: name,
      object: `Pod ${name}`,
      message: 'y'.repeat(900),
    }));
    const lines = summarise({ failure, objects: many, events: warnings, logs, gaps: ['events could not be read'] });
    expect(lines.length).toBeLessThanOrEqual(10);
    expect(Math.max(...lines.map((line) => line.length))).toBe(300);
    expect(lines).toContain('events could not be read');
    expect(lines.at(-1)).toBe('log of web-new-1/web: cannot reach database');
  });

  test('says a thing once', () => {
    const same = { kind: 'Deployment', name: 'web', because: 'gone' };
    const lines = summarise({
      failure: { because: 'Deployment web: gone' },
      objects: [same],
      events: [],
      logs: [],
      gaps: [],
    });
    expect(lines).toEqual(['Deployment web: gone']);
  });
});
