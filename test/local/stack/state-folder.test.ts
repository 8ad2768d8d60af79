import { expect, test } from 'vitest';
import { stateFolder } from '../../../local/stack/state-folder.ts';

test.each([
  ['what was asked for', { FAIRLEAD_STATE: '/e', XDG_STATE_HOME: '/x', HOME: '/h' }, '/c', '/c'],
  ['FAIRLEAD_STATE', { FAIRLEAD_STATE: '/e', XDG_STATE_HOME: '/x', HOME: '/h' }, undefined, '/e'],
  ['XDG_STATE_HOME', { XDG_STATE_HOME: '/x', HOME: '/h' }, undefined, '/x/fairlead'],
  ['the home', { XDG_STATE_HOME: 'relative', HOME: '/h' }, undefined, '/h/.local/state/fairlead'],
])('the state is kept where %s says', (_, env, chosen, folder) => {
  expect(stateFolder(env, chosen)).toBe(folder);
});

test('without any hint it asks for one', () => {
  expect(() => stateFolder({})).toThrow('set FAIRLEAD_STATE');
});
