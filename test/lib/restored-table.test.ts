/** A table restored from a backup takes the place of the stack's own, which goes out of the stack and is kept. */
import { expect, test } from 'vitest';
import { ofType, synthesise, testConfig } from '../support/synth.ts';

const restoredTable = {
  name: 'fairlead-restored',
  streamArn: 'arn:aws:dynamodb:eu-north-1:111111111111:table/fairlead-restored/stream/2026-11-21T10:30:00.000',
};

test('every function works on it, and both readers follow its stream', () => {
  const built = synthesise(testConfig({ restoredTable }));
  const named = ofType(built, 'AWS::Lambda::Function').flatMap(
    ({ Properties }) => Properties.Environment?.Variables?.TABLE_NAME ?? [],
  );
  expect(new Set(named)).toEqual(new Set([restoredTable.name]));
  const streams = ofType(built, 'AWS::Lambda::EventSourceMapping')
    .map(({ Properties }) => Properties.EventSourceArn)
    .filter((arn) => typeof arn === 'string' && arn.includes('dynamodb'));
  expect(streams).toEqual([restoredTable.streamArn, restoredTable.streamArn]);
  expect(ofType(built, 'AWS::DynamoDB::GlobalTable')).toEqual([]);
});

test('its own table is kept when it leaves the stack', () => {
  const [table] = ofType(synthesise(), 'AWS::DynamoDB::GlobalTable');
  expect(table).toMatchObject({
    DeletionPolicy: 'Retain',
    Properties: { Replicas: [{ DeletionProtectionEnabled: true }] },
  });
});
