/** What is told beside the objects of a release: its size, its hooks, notes. */
import type { Steady } from '../../../domain/plan-diff/compare-renderings.ts';
import type { ObjectChange } from '../../../domain/plan-diff/environment-diff.ts';
import type { RenderedHook, RenderedRelease } from '../../../domain/plan-diff/preview-sight.ts';
import type { HelmInputs } from '../../../domain/release/helm.ts';
import type { DiffDeps } from './preview-deps.ts';
import { judgeSize, type SizeSeen } from './size-problem.ts';
import type { StandIns } from './stand-ins.ts';
import type { Telling } from './telling.ts';
import type { TriedTold } from './try-told.ts';

type Rendered = Extract<RenderedRelease, { ok: true }>;

interface Measured {
  readonly recordSize: DiffDeps['recordSize'];
  readonly chart: Parameters<DiffDeps['recordSize']>[0]['chart'];
  readonly given: { readonly inputs: HelmInputs };
}

/** Measured with stand-ins where there are secrets: how long a text is may be what a template made of one. */
export function sizeTold(
  { recordSize, chart, given }: Measured,
  rendered: Rendered,
  standIns: StandIns | undefined,
): Partial<SizeSeen> & Pick<SizeSeen, 'problems'> {
  if (standIns === undefined) return judgeSize(recordSize({ ...given.inputs, chart, manifest: rendered.manifest }));
  const { one, inputs } = standIns;
  return one.ok ? judgeSize(recordSize({ ...inputs, chart, manifest: one.manifest })) : { problems: [] };
}

/** A hook that is not there with every secret is told without its name. */
export function hooksTold(
  hooks: readonly RenderedHook[],
  standIns: StandIns | undefined,
  isUpgrade: boolean,
): readonly string[] {
  const all = hooksRun(hooks, isUpgrade);
  if (standIns === undefined) return all;
  const known = [standIns.one, standIns.other].map((of) => (of.ok ? hooksRun(of.hooks, isUpgrade) : []));
  const told = all.filter((hook) => known.every((of) => of.includes(hook)));
  return told.length === all.length
    ? told
    : [...told, 'and others, which are not named, for secrets may be part of it'];
}

function hooksRun(hooks: readonly RenderedHook[], isUpgrade: boolean): readonly string[] {
  const when = isUpgrade ? ['pre-upgrade', 'post-upgrade'] : ['pre-install', 'post-install'];
  return hooks.flatMap(({ kind, name, events }) =>
    when.filter((event) => events.includes(event)).map((event) => `${event} ${kind} ${name}`),
  );
}

export function notesTold(
  rendered: Rendered,
  standIns: StandIns | undefined,
  tells: Telling,
  before: Steady | 'unsure' | undefined,
): readonly string[] {
  const notes: string[] = [];
  if (rendered.aside !== undefined) {
    const same = standIns === undefined || (standIns.one.ok && standIns.one.aside === rendered.aside);
    const why = same ? rendered.aside : 'the words are not shown, for secrets may be part of them';
    notes.push(`rendered without the cluster, so lookups find nothing: ${why}`);
  }
  if (tells.of === 'nothing') notes.push(`what would change is told by digests only: ${tells.because}`);
  if (before === 'unsure') {
    const because = 'the chart that is deployed does not render with other values in the place of its secrets';
    notes.push(`what stands there is told by digests only: ${because}`);
  }
  return notes;
}

/** Where nothing may be told, how many new ones there are is not, either. */
export function newTogether(tried: readonly TriedTold[]): readonly ObjectChange[] {
  const named = tried.flatMap(({ change, isNamed }) => (isNamed ? (change ?? []) : []));
  if (tried.every(({ isNamed }) => isNamed)) return named;
  return [...named, { apiVersion: 'v1', kind: 'List', name: 'of new objects', change: 'create', fields: [] }];
}
