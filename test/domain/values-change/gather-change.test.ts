import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChangedParameter } from '../../../domain/items/rollout.ts';
import type { ChangeItem } from '../../../domain/items/values.ts';
import { gatherChange } from '../../../domain/values-change/gather-change.ts';
import { whenDue } from '../../../domain/values-change/when-due.ts';
import { later, NOW } from '../../support/items.ts';

const NAME = 'webui-service-helm-values';
const edit = (version: number | undefined, name = NAME, at = NOW): ChangedParameter => ({
  name,
  ...(version !== undefined && { version }),
  by: 'arn:aws:sts::111111111111:assumed-role/fairlead-operator/ann',
  at: at.toISOString(),
});
const PACE = { quietSeconds: 60, mostSeconds: 600 };

/** What stands in the table after these, one after the other. */
function standing(
  seen: ChangeItem | undefined,
  changed: readonly ChangedParameter[],
  now: Date,
): ChangeItem | undefined {
  const [write] = gatherChange(seen, 'webui', changed, now).writes;
  return write?.do === 'put' && write.item.type === 'change' ? write.item : seen;
}
const gathered = (...changed: ChangedParameter[]): ChangeItem => {
  const item = standing(undefined, changed, NOW);
  if (item === undefined) throw new Error('nothing was gathered');
  return item;
};

describe('gathering changed layers', () => {
  it('begins with the first, and keeps each parameter once, as it was changed last', () => {
    const first = gathered(edit(3));
    expect(first).toMatchObject({ state: 'gathering', since: NOW.toISOString(), last: NOW.toISOString() });
    const second = standing(first, [edit(4), edit(1, `${NAME}.environment.dev`)], later(1));
    expect(second).toMatchObject({ since: NOW.toISOString(), last: later(1).toISOString() });
    expect(second?.changed.map(({ name, version }) => `${name} ${version}`)).toEqual([
      `${NAME} 4`,
      `${NAME}.environment.dev 1`,
    ]);
  });

  it.each(['gathering', 'announced', 'started', 'ended'] as const)(
    'an event that comes twice changes nothing while it is %s',
    (state) => {
      const known = { ...gathered(edit(3)), state };
      expect(gatherChange(known, 'webui', [edit(3)], later(9)).writes).toEqual([]);
    },
  );

  it('a parameter that was deleted and made anew is another change, though its version is the same', () => {
    const again = standing({ ...gathered(edit(1)), state: 'started' }, [edit(1, NAME, later(5))], later(5));
    expect(again).toMatchObject({ state: 'gathering', changed: [{ at: later(5).toISOString() }] });
  });

  it('what was announced and not applied is gathered again with what is new', () => {
    const announced: ChangeItem = { ...gathered(edit(3)), state: 'announced', planId: 'P' };
    const more = standing(announced, [edit(1, `${NAME}.label.ring.dev`)], later(30));
    expect(more?.changed).toHaveLength(2);
    expect(more).toMatchObject({ state: 'gathering', since: later(30).toISOString() });
    expect(more?.planId).toBeUndefined();
  });

  it.each(['started', 'ended'] as const)('what was %s is not brought again by what is new', (state) => {
    const more = standing({ ...gathered(edit(3)), state }, [edit(1, `${NAME}.label.ring.dev`)], later(30));
    expect(more?.changed.map(({ name }) => name)).toEqual([`${NAME}.label.ring.dev`]);
  });

  it('what was carried out once is never found again, whatever was changed since', () => {
    const first: ChangeItem = { ...gathered(edit(3)), state: 'started' };
    const second = standing(first, [edit(1, `${NAME}.label.ring.dev`)], later(30));
    expect(second?.changed.map(({ name }) => name)).toEqual([`${NAME}.label.ring.dev`]);
    expect(gatherChange(second, 'webui', [edit(3)], later(60)).writes).toEqual([]);
    const third = second && standing({ ...second, state: 'ended' }, [edit(4)], later(90));
    expect(third?.changed.map(({ version }) => version)).toEqual([4]);
    expect(third?.done?.map(({ name, version }) => `${name} ${version}`)).toEqual([
      `${NAME} 3`,
      `${NAME}.label.ring.dev 1`,
    ]);
  });

  it('a parameter that is deleted a second time is gathered a second time', () => {
    const deleted: ChangeItem = { ...gathered(edit(undefined)), state: 'started' };
    const anew = standing(deleted, [edit(1, NAME, later(5))], later(5));
    expect(anew?.changed).toMatchObject([{ version: 1 }]);
    const brought: ChangeItem = { ...(anew ?? deleted), state: 'started' };
    const again = standing(brought, [edit(undefined, NAME, later(9))], later(9));
    expect(again).toMatchObject({ state: 'gathering', changed: [edit(undefined, NAME, later(9))] });
    expect(gatherChange(again, 'webui', [edit(undefined, NAME, later(12))], later(12)).writes).toEqual([]);
  });

  it('remembers of very many that were carried out the newest, so that they fit into an item', () => {
    const many = Array.from({ length: 700 }, (_, i) => edit(1, `${NAME}.environment.e${i}`, later(i)));
    const first: ChangeItem = { ...gathered(...many), state: 'started' };
    const done = standing(first, [edit(2)], later(701))?.done ?? [];
    expect(done).toHaveLength(500);
    expect(done.map(({ at }) => at).toSorted()[0]).toBe(later(200).toISOString());
  });

  it('names who changed what', () => {
    const { because } = gatherChange(undefined, 'webui', [edit(4), edit(undefined, 'gone')], NOW);
    const by = 'arn:aws:sts::111111111111:assumed-role/fairlead-operator/ann';
    expect(because).toBe(`changed: ${NAME} v4 by ${by}; gone deleted by ${by}`);
  });
});

describe('a gathered change', () => {
  it.each([
    ['is not due while edits are fresh', 0, 59, false],
    ['is due when nothing was edited for a minute', 0, 60, true],
    ['is not due when somebody goes on editing', 540, 599, false],
    ['is due ten minutes after the first edit, however often somebody edits', 599, 600, true],
  ])('%s', (_, last, at, due) => {
    const seconds = (count: number) => new Date(NOW.getTime() + count * 1000);
    const change = { since: NOW.toISOString(), last: seconds(last).toISOString() };
    expect(whenDue(change, PACE, seconds(at)).due).toBe(due);
  });

  it('whatever comes in whatever order: it is due at most ten minutes after the first, and holds every parameter at its last edit', () => {
    const edits = fc.array(
      fc.record({ name: fc.constantFrom('a', 'b', 'c'), version: fc.nat(5), gap: fc.integer({ min: 0, max: 59 }) }),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(edits, (all) => {
        let item: ChangeItem | undefined;
        let seconds = 0;
        const last = new Map<string, number>();
        for (const { name, version, gap } of all) {
          seconds += gap;
          item = standing(item, [edit(version, name)], new Date(NOW.getTime() + seconds * 1000));
          last.set(name, version);
        }
        // The ten minutes count from the first edit, whenever that was.
        expect(new Map(item?.changed.map((one) => [one.name, one.version]))).toEqual(last);
        const due = item && whenDue(item, PACE, NOW).at.getTime();
        const first = NOW.getTime() + (all[0]?.gap ?? 0) * 1000;
        expect(due).toBeLessThanOrEqual(first + 600_000);
        expect(due).toBeGreaterThanOrEqual(first + 60_000);
      }),
    );
  });
});
