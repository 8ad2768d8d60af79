/** A state machine from its file, ready to run: placeholders filled in, every field known, every way leading somewhere. */
import { MachineDefinition, type Scope, type State } from './definition.ts';

/** The definition is none that would run. `message` says where. */
export class DefinitionBroken extends Error {
  override readonly name = 'DefinitionBroken';
}

/**
 * Reads a definition. `substitutions` fill its `${Placeholders}` as CloudFormation's DefinitionSubstitutions do.
 * @throws DefinitionBroken for an unknown field, a placeholder without a value, a state that is not there or not reached.
 */
export function loadMachine(text: string, substitutions: Readonly<Record<string, string>>): MachineDefinition {
  const filled = text.replaceAll(/\$\{(\w+)\}/g, (placeholder, name) => {
    const value = substitutions[name];
    if (value === undefined) throw new DefinitionBroken(`nothing is given for ${placeholder}`);
    return value;
  });
  const parsed = MachineDefinition.safeParse(JSON.parse(filled));
  if (!parsed.success) throw new DefinitionBroken(parsed.error.message);
  checkWays(parsed.data);
  return parsed.data;
}

function checkWays(scope: Scope): void {
  const reached = new Set<string>();
  const queue = [scope.StartAt];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (reached.has(name)) continue;
    const state = scope.States[name];
    if (state === undefined) throw new DefinitionBroken(`there is no state '${name}'`);
    reached.add(name);
    queue.push(...nextOf(name, state));
    if (state.Type === 'Map') checkWays(state.ItemProcessor);
  }
  const lonely = Object.keys(scope.States).filter((name) => !reached.has(name));
  if (lonely.length > 0) throw new DefinitionBroken(`no way leads to ${lonely.map((name) => `'${name}'`).join(', ')}`);
}

/** Where a state may lead. */
export function nextOf(name: string, state: State): readonly string[] {
  if (state.Type === 'Succeed' || state.Type === 'Fail') return [];
  if (state.Type === 'Choice') {
    return [...state.Choices.map(({ Next }) => Next), ...(state.Default === undefined ? [] : [state.Default])];
  }
  if ((state.Next === undefined) === (state.End === undefined)) {
    throw new DefinitionBroken(`state '${name}' needs either Next or End`);
  }
  const caught = state.Type === 'Task' || state.Type === 'Map' ? state.Catch.map(({ Next }) => Next) : [];
  return [...(state.Next === undefined ? [] : [state.Next]), ...caught];
}
