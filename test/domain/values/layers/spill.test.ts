import { describe, expect, test } from 'vitest';
import { foreignSpill, readSpill, spillKey, spillText } from '../../../../domain/values/layers/spill.ts';

const SHA = 'a'.repeat(64);
const AT = {
  bucket: 'fairlead-values',
  key: spillKey('webui', SHA),
  versionId: '3HL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY',
  sha256: SHA,
};

describe('a parameter that points to its layer', () => {
  test('says bucket, key, version and digest, and nothing else', () => {
    expect(readSpill(spillText(AT))).toEqual({ is: 'spilled', at: AT });
    expect(readSpill(`\n${spillText(AT)}\n`)).toEqual({ is: 'spilled', at: AT });
  });

  test.each(['a: 1', '', 'a: s3://bucket/key', '# s3://'])('is not %j', (text) => {
    expect(readSpill(text)).toEqual({ is: 'plain' });
  });

  test.each([
    's3://bucket/key',
    `s3://bucket/key?versionId=v&sha256=${'a'.repeat(63)}`,
    `s3://bucket/key?sha256=${SHA}&versionId=v`,
    `s3://bucket/key?versionId=v&sha256=${SHA}&x=1`,
    `s3://bucket/key?versionId=v&sha256=${SHA}\na: 1`,
    `s3://B/key?versionId=v&sha256=${SHA}`,
    's3://x: yes',
  ])('is broken as %j', (text) => {
    expect(readSpill(text)).toMatchObject({ is: 'broken', because: expect.stringContaining('s3://BUCKET/KEY') });
  });
});

describe('where a layer may be read from', () => {
  const own = { bucket: 'fairlead-values', package: 'webui' };

  test("is the package's own part of the installation's bucket", () => {
    expect(foreignSpill(AT, own)).toBeUndefined();
  });

  test.each([
    ['another bucket', { bucket: 'elsewhere' }, /bucket elsewhere, and layers are read from fairlead-values only/],
    ["another package's", { key: `webui-admin/${SHA}.yaml` }, /layers of webui are read from webui\//],
    ['a way out', { key: 'webui/../worker/x.yaml' }, /layers of webui are read/],
    ['the root', { key: 'x.yaml' }, /layers of webui are read/],
  ])('is not %s', (_what, other, words) => {
    expect(foreignSpill({ ...AT, ...other }, own)).toMatch(words);
  });
});
