import { describe, expect, test } from 'vitest';
import { Batch, RunInserted, WaitMayEnd } from '../../contracts/stream-record.ts';
import type { OpenItem } from '../../domain/items/queue.ts';
import type { RunItem } from '../../domain/items/rollout.ts';
import { aDeployment, aRollout, NOW, ROLLOUT } from '../support/items.ts';
import { aMessage, aRecord } from '../support/stream-records.ts';

const run: RunItem = {
  type: 'run',
  v: 1,
  rev: 1,
  rolloutId: ROLLOUT,
  package: 'webui',
  run: 3,
  at: NOW.toISOString(),
  because: 'accepted',
};
const open: OpenItem = {
  type: 'open',
  v: 1,
  rev: 2,
  rolloutId: ROLLOUT,
  package: 'webui',
  sequence: 7,
  environments: ['dev'],
};

describe('a batch', () => {
  test('of the stream is its records by their sequence numbers', () => {
    const records = [aRecord('INSERT', run, '11'), aRecord('INSERT', run, '12')];
    expect(Batch.parse({ Records: records })).toEqual(
      records.map((record) => ({ id: record.dynamodb.SequenceNumber, from: 'stream', record })),
    );
  });

  test('of the queue is the records inside its messages, by the ids of the messages', () => {
    const record = aRecord('INSERT', run);
    expect(Batch.parse({ Records: [aMessage(record)] })).toEqual([{ id: 'm-1', from: 'queue', record }]);
  });

  test('may hold a body that is no JSON, which spoils only itself', () => {
    expect(Batch.parse({ Records: [aMessage('so-so')] })).toEqual([{ id: 'm-1', from: 'queue', record: 'so-so' }]);
  });

  test.each([[{}], [{ Records: [{ eventSource: 'aws:s3' }] }], [undefined]])('%j is none', (event) => {
    expect(Batch.safeParse(event).success).toBe(false);
  });
});

describe('a record', () => {
  test('of a new run names the rollout and the run', () => {
    expect(RunInserted.parse(aRecord('INSERT', run))).toEqual({ type: 'run', rolloutId: ROLLOUT, run: 3 });
  });

  test.each([
    ['a run that changed', aRecord('MODIFY', run)],
    ['a new rollout', aRecord('INSERT', aRollout())],
    ['no record', 'so-so'],
  ])('of %s starts nothing', (_, record) => {
    expect(RunInserted.safeParse(record).success).toBe(false);
  });

  test.each([
    ['a rollout that changed', aRecord('MODIFY', aRollout({ rev: 9 })), { type: 'rollout', id: ROLLOUT, rev: 9 }],
    [
      'a place that gave something up',
      aRecord('MODIFY', open),
      { type: 'open', rolloutId: ROLLOUT, package: 'webui', sequence: 7, planned: false },
    ],
    [
      'a place that was given up',
      aRecord('REMOVE', open),
      { type: 'open', rolloutId: ROLLOUT, package: 'webui', sequence: 7, planned: false },
    ],
  ])('of %s may end a wait', (_, record, seen) => {
    expect(WaitMayEnd.parse(record)).toEqual(seen);
  });

  test('of a place that names its environments now, and did not before, tells that it was planned', () => {
    const { environments: _, ...before } = open;
    const record = aRecord('MODIFY', open);
    const { OldImage } = aRecord('REMOVE', before).dynamodb;
    expect(WaitMayEnd.parse({ ...record, dynamodb: { ...record.dynamodb, OldImage } })).toMatchObject({
      type: 'open',
      planned: true,
    });
  });

  test.each([
    ['a new place', aRecord('INSERT', open)],
    ['a deployment', aRecord('MODIFY', aDeployment())],
  ])('of %s ends none', (_, record) => {
    expect(WaitMayEnd.safeParse(record).success).toBe(false);
  });
});
