import type { FunctionsRead } from '../../contracts/looks.ts';
import type { Finding } from '../../domain/doctor/finding.ts';

/** Are all functions of the installation ready to be called (https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html)? */
export function examineFunctions(found: FunctionsRead): readonly Finding[] {
  const line = { area: 'functions', check: 'health' } as const;
  if (!found.read)
    return [{ ...line, state: 'skipped', says: `functions are not for this role to see: ${found.because}` }];
  if (found.functions.length === 0) {
    return [
      {
        ...line,
        state: 'warn',
        says: 'the stack has no functions',
        fix: 'is it deployed under the name in fairlead.yaml? npx cdk deploy',
      },
    ];
  }
  const ill = found.functions.flatMap(({ name, state, lastUpdate, because }): Finding[] => {
    // A function that nobody called for weeks sleeps, and wakes by itself.
    if ((state === 'Active' || state === 'Inactive') && lastUpdate === 'Successful') return [];
    const says = `${name} is ${state}, its last update ${lastUpdate}${because === undefined ? '' : `: ${because}`}`;
    if (state === 'Pending' || lastUpdate === 'InProgress')
      return [{ ...line, state: 'warn', says, fix: 'wait a minute and look again' }];
    return [{ ...line, state: 'fail', says, fix: 'npx cdk deploy again; AWS says the reason in the Lambda console' }];
  });
  if (ill.length > 0) return ill;
  return [{ ...line, state: 'ok', says: `all ${found.functions.length} functions are ready` }];
}
