import { describe, expect, it } from 'vitest';
import { parseTargets } from '../../action/targets.ts';

describe('targets', () => {
  it('are entries of a target and whether to wait, which is not said means no', () => {
    expect(parseTargets('[{"target": {"ring": "canary"}, "wait": true}, {"target": {}}]', 'targets')).toEqual([
      { target: { ring: 'canary' }, wait: true },
      { target: {}, wait: false },
    ]);
  });

  it.each<[string, string]>([
    ['[{', 'targets is not valid JSON: '],
    ['{"target": {}}', 'targets is {"target":{}}: it has to be a JSON array'],
    ['"all"', 'targets is "all": it has to be a JSON array'],
    ['null', 'targets is null: it has to be a JSON array'],
    ['[]', 'targets is an empty array: give at least one entry'],
    ['[{"target": {}}, "prod"]', 'targets[1] is "prod": it has to be an object'],
    ['[null]', 'targets[0] is null: it has to be an object'],
    ['[[]]', 'targets[0] is []: it has to be an object'],
    ['[{"target": {}}, {"wait": true}]', 'targets[1].target is missing: it has to be an object of labels'],
    ['[{"target": "prod"}]', 'targets[0].target is "prod": it has to be an object of labels'],
    ['[{"target": null}]', 'targets[0].target is null'],
    ['[{"target": ["prod"]}]', 'targets[0].target is ["prod"]'],
    [
      '[{"target": {}}, {"target": {}}, {"target": {}, "wait": "yes"}]',
      'targets[2].wait is "yes": it has to be true or false',
    ],
    ['[{"target": {}, "wait": null}]', 'targets[0].wait is null'],
    ['[{"target": {}, "wiat": true}]', "targets[0]: there is no field 'wiat'"],
    ['[{"target": {}}, {"target": {"ring": "Prod!"}}]', "targets[1].target.ring: 'Prod!' is not a name"],
    ['[{"target": {"RING": "prod"}}]', "targets[0].target.RING: 'RING' is not a name"],
    ['[{"target": {"ring": 1}}]', 'targets[0].target.ring: '],
  ])('%s is refused with its place', (text, words) => {
    expect(() => parseTargets(text, 'targets')).toThrow(words);
  });

  it('of a file are refused by its name', () => {
    expect(() => parseTargets('[7]', 'targets-file (t.json)')).toThrow('targets-file (t.json)[0] is 7');
  });
});
