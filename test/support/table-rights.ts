/**
 * What each function may do on the table. The templates are held to it (test/lib/functions.test.ts), and so are the
 * functions themselves wherever they run in memory: what the one does not give, the other does not use.
 */
import type { Table, Write } from '../../domain/table.ts';

export type TableRight = 'none' | 'read' | 'write' | 'delete';

export const TABLE_RIGHTS = {
  'answer-request': 'delete',
  'plan-rollout': 'write',
  'decide-next': 'delete',
  'store-wait': 'delete',
  'finish-rollout': 'delete',
  'begin-deployment': 'write',
  'finish-deployment': 'delete',
  'deploy-release': 'write',
  'sweep-rollouts': 'delete',
  'wake-rollout': 'read',
  'start-rollout': 'none',
  'note-change': 'write',
  'roll-out-values': 'write',
} as const satisfies Readonly<Record<string, TableRight>>;

const ORDER: readonly TableRight[] = ['none', 'read', 'write', 'delete'];
const NEEDS = { put: 'write', check: 'write', delete: 'delete' } as const satisfies Record<Write['do'], TableRight>;

/** Whether that is a function of ours. */
export const hasRights = (name: string): name is keyof typeof TABLE_RIGHTS => Object.hasOwn(TABLE_RIGHTS, name);

/** The table as this function's role finds it. What goes beyond that fails the whole run. */
export function withRights(table: Table, of: keyof typeof TABLE_RIGHTS): Table {
  const must = (right: TableRight) => {
    if (ORDER.indexOf(TABLE_RIGHTS[of]) >= ORDER.indexOf(right)) return;
    const error = Object.assign(new Error(`${of} may not ${right} on the table`), { name: 'AccessDeniedException' });
    // Loud: a machine would try again, give up and go on, and nobody would hear of it.
    void Promise.reject(error);
    throw error;
  };
  return {
    get: async (key) => {
      must('read');
      return table.get(key);
    },
    query: async (range, options) => {
      must('read');
      return table.query(range, options);
    },
    rolloutsOf: async (pkg, options) => {
      must('read');
      return table.rolloutsOf(pkg, options);
    },
    openRollouts: async (options) => {
      must('read');
      return table.openRollouts(options);
    },
    transact: async (writes) => {
      for (const write of writes) must(NEEDS[write.do]);
      return table.transact(writes);
    },
  };
}
