import { expect, test } from 'vitest';
import { DefinitionBroken, loadMachine } from '../../../local/asl/load-machine.ts';

const load = (states: object, more: object = {}, substitutions = {}) =>
  loadMachine(JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'A', States: states, ...more }), substitutions);
const END = { Type: 'Succeed' };

test('placeholders are filled in', () => {
  const task = { Type: 'Task', Resource: 'r', Arguments: { FunctionName: '${FArn}' }, End: true };
  const machine = load({ A: task }, {}, { FArn: 'arn:f' });
  expect(machine.States['A']).toMatchObject({ Arguments: { FunctionName: 'arn:f' } });
});

test.each([
  [
    'a placeholder without a value',
    { A: { Type: 'Pass', Output: '${Nobody}', End: true } },
    {},
    /nothing is given for \${Nobody}/,
  ],
  ['a field it does not know', { A: { Type: 'Pass', ResultPath: '$.x', End: true } }, {}, /ResultPath|Invalid/],
  [
    'an expression as a time limit',
    { A: { Type: 'Task', Resource: 'r', TimeoutSeconds: '{% 5 %}', End: true } },
    {},
    /Invalid/,
  ],
  ['another query language', { A: END }, { QueryLanguage: 'JSONPath' }, /JSONata/],
  ['a state that is not there', { A: { Type: 'Pass', Next: 'B' } }, {}, /no state 'B'/],
  ['a state that no way leads to', { A: END, B: END }, {}, /no way leads to 'B'/],
  ['a state that leads nowhere', { A: { Type: 'Pass' } }, {}, /'A' needs either Next or End/],
])('%s is refused', (_what, states, more, words) => {
  expect(() => load(states, more)).toThrow(DefinitionBroken);
  expect(() => load(states, more)).toThrow(words);
});
