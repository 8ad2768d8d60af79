/** `docs/reference/*.machine.md`: each state machine as a picture and a table, from the file that is deployed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Generated } from './generated.ts';

const FILES = join(import.meta.dirname, '../../statemachines');
const MACHINES = ['rollout', 'deployment', 'plan'];

const Retry = z.object({ ErrorEquals: z.array(z.string()), MaxAttempts: z.int() });
const Way = z.object({ Next: z.string() });
const State = z.object({
  Type: z.enum(['Task', 'Choice', 'Map', 'Wait', 'Pass', 'Succeed', 'Fail']),
  Comment: z.string().optional(),
  Resource: z.string().optional(),
  Arguments: z.unknown().optional(),
  Seconds: z.union([z.int(), z.string()]).optional(),
  TimeoutSeconds: z.int().optional(),
  MaxConcurrency: z.union([z.int(), z.string()]).optional(),
  Next: z.string().optional(),
  End: z.boolean().optional(),
  Default: z.string().optional(),
  Choices: z.array(Way.extend({ Condition: z.string() })).optional(),
  Catch: z.array(Way.extend({ ErrorEquals: z.array(z.string()) })).optional(),
  Retry: z.array(Retry).optional(),
  /** The states of a Map's iteration. */
  get ItemProcessor(): z.ZodOptional<typeof States> {
    return States.optional();
  },
});
const States = z.object({ StartAt: z.string(), States: z.record(z.string(), State) });
const Machine = States.extend({ Comment: z.string() });
type State = z.infer<typeof State>;
type States = z.infer<typeof States>;

/** One page a machine. */
export function machinePictures(): readonly Generated[] {
  return MACHINES.map((name) => {
    const machine = Machine.parse(JSON.parse(readFileSync(join(FILES, `${name}.asl.json`), 'utf8')));
    return { path: `docs/reference/${name}.machine.md`, content: page(name, machine) };
  });
}

function page(name: string, machine: z.infer<typeof Machine>): string {
  return `<!-- made by \`npm run generate\` from statemachines/${name}.asl.json: change it there -->
# The \`${name}\` machine

${machine.Comment}

\`\`\`mermaid
stateDiagram-v2
${diagram(machine, '  ').join('\n')}
\`\`\`

A way marked _breaks_ is taken when the state's tries are used up.

| state | does | tries again | because |
|---|---|---|---|
${rows(machine).join('\n')}
`;
}

/** The lines of a machine's picture, and of its Maps' pictures inside it. */
export function diagram({ StartAt, States: states }: States, indent: string): string[] {
  const lines = Object.entries(states).flatMap(([name, state]) => [
    ...declaration(name, state, indent),
    ...ways(state).map(([to, label]) => `${indent}${id(name)} --> ${to}${label === '' ? '' : ` : ${label}`}`),
  ]);
  return [`${indent}[*] --> ${id(StartAt)}`, ...lines];
}

function declaration(name: string, state: State, indent: string): string[] {
  if (state.Type === 'Choice') return [`${indent}state ${id(name)} <<choice>>`];
  const head = `${indent}state "${name}" as ${id(name)}`;
  if (state.ItemProcessor === undefined) return [head];
  return [`${head} {`, ...diagram(state.ItemProcessor, `${indent}  `), `${indent}}`];
}

/** Where a state leads, each with what decides it; two reasons for one way share it. */
function ways(state: State): [to: string, label: string][] {
  const all: [string, string][] = [
    ...(state.Choices ?? []).map(({ Next, Condition }): [string, string] => [id(Next), words(Condition)]),
    ...(state.Default === undefined ? [] : [[id(state.Default), 'else'] as [string, string]]),
    ...(state.Next === undefined ? [] : [[id(state.Next), ''] as [string, string]]),
    ...(state.Catch ?? []).map((way): [string, string] => [id(way.Next), caught(way)]),
    ...(state.End === true || state.Type === 'Succeed' || state.Type === 'Fail'
      ? [['[*]', ''] as [string, string]]
      : []),
  ];
  return [...Map.groupBy(all, ([to]) => to)].map(([to, same]) => [to, labelOf(same.map(([, label]) => label))]);
}

/** The plain way on needs no word, unless other reasons share it. */
function labelOf(labels: readonly string[]): string {
  const said = labels.filter((label) => label !== '');
  if (said.length < labels.length && said.length > 0) return ['done', ...said].join(' / ');
  return said.join(' / ');
}

const caught = ({ ErrorEquals }: { readonly ErrorEquals: readonly string[] }) =>
  ErrorEquals.includes('States.ALL') ? 'breaks' : ErrorEquals.map((error) => error.replace('States.', '')).join(', ');

/** A condition as words that Mermaid takes: no quotes, dollars, colons or angle brackets. */
export function words(condition: string): string {
  return condition
    .replace(/^\{%\s*|\s*%\}$/g, '')
    .replaceAll(/\$(states\.input\.|answer\.)?/g, '')
    .replaceAll("'", '')
    .replaceAll(' = ', ' is ')
    .replaceAll(' < ', ' under ')
    .replaceAll(/\boutcome is |\baction is /g, '')
    .replaceAll(/[:;<>"#]/g, ' ');
}

const id = (name: string) => name.replaceAll(/[^A-Za-z0-9]+/g, '_').replaceAll(/^_|_$/g, '');

function rows({ States: states }: States): string[] {
  return Object.entries(states).flatMap(([name, state]) => {
    const tries = (state.Retry ?? []).map(
      ({ ErrorEquals, MaxAttempts }) => `${ErrorEquals.join(', ')}: ${MaxAttempts} times`,
    );
    const row = `| ${name} | ${deed(state)} | ${tries.join('<br>')} | ${state.Comment ?? ''} |`;
    return state.ItemProcessor === undefined ? [row] : [row, ...rows(state.ItemProcessor)];
  });
}

function deed(state: State): string {
  const limit = state.TimeoutSeconds === undefined ? '' : `, ${state.TimeoutSeconds} s at most`;
  if (state.Type === 'Task') return `${called(state)}${limit}`;
  if (state.Type === 'Wait') return `waits ${quantity(state.Seconds)} s`;
  if (state.Type === 'Map') return `for each, ${quantity(state.MaxConcurrency)} at once`;
  if (state.Type === 'Choice') return 'chooses';
  return 'ends';
}

const quantity = (value: number | string | undefined) =>
  typeof value === 'string' ? `\`${words(value)}\`` : String(value ?? 'any number');

/** A task's function by its placeholder, or by the variable that holds its ARN, with its operation; or the service that it calls. */
function called({ Resource = '', Arguments }: State): string {
  const text = JSON.stringify(Arguments ?? {});
  const placeholder =
    /\$\{(\w+)Arn\}/.exec(text)?.[1] ?? /"FunctionName":"\{% \$(?:states\.input\.)?(\w+) %\}"/.exec(text)?.[1];
  const operation = /['"]operation['"]: ?['"]([a-z-]+)['"]/.exec(text)?.[1];
  const token = Resource.endsWith('.waitForTaskToken') ? ', waits for its token' : '';
  if (placeholder === undefined) return `\`${Resource.split(':::')[1] ?? Resource}\``;
  return `\`${kebab(placeholder)}\`${operation === undefined ? '' : ` (${operation})`}${token}`;
}

const kebab = (name: string) => name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
