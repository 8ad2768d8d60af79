/**
 * State machines in the part of Amazon States Language that the runner knows: JSONata only, and strict, so that a field
 * it would ignore is refused instead. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
 */
import * as z from 'zod';

const Comment = z.string().optional();
const ErrorEquals = z.array(z.string()).min(1);
/** A JSON value whose texts may be `{% expressions %}`. */
const template = z.json();
const Assign = z.record(z.string(), template).optional();
const Output = template.optional();

const Retrier = z.strictObject({
  Comment,
  ErrorEquals,
  IntervalSeconds: z.int().min(1).default(1),
  BackoffRate: z.number().min(1).default(2),
  MaxAttempts: z.int().min(0).default(3),
  MaxDelaySeconds: z.int().min(1).optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).default('NONE'),
});
const Catcher = z.strictObject({ Comment, ErrorEquals, Assign, Output, Next: z.string() });
const Rule = z.strictObject({ Comment, Condition: z.string(), Assign, Output, Next: z.string() });

const step = { Comment, Assign, Output, Next: z.string().optional(), End: z.literal(true).optional() };
const trouble = { Retry: z.array(Retrier).default([]), Catch: z.array(Catcher).default([]) };

const Task = z.strictObject({
  Type: z.literal('Task'),
  ...step,
  ...trouble,
  Resource: z.string(),
  Arguments: template.optional(),
  /** A number: MiniStack cannot evaluate an expression here. */
  TimeoutSeconds: z.int().min(1).optional(),
});
const Choice = z.strictObject({
  Type: z.literal('Choice'),
  Comment,
  Assign,
  Output,
  Choices: z.array(Rule).min(1),
  Default: z.string().optional(),
});
const Wait = z.strictObject({
  Type: z.literal('Wait'),
  ...step,
  Seconds: z.union([z.int().min(0), z.string()]),
});
const Pass = z.strictObject({ Type: z.literal('Pass'), ...step });
const Succeed = z.strictObject({ Type: z.literal('Succeed'), Comment, Output });
const Fail = z.strictObject({
  Type: z.literal('Fail'),
  Comment,
  Error: z.string().optional(),
  Cause: z.string().optional(),
});

/** Inline only; its processor's states are a scope of their own. */
export interface MapState {
  readonly Type: 'Map';
  readonly Comment?: string | undefined;
  readonly Items: z.infer<typeof template>;
  readonly ItemSelector?: z.infer<typeof template> | undefined;
  readonly MaxConcurrency?: number | string | undefined;
  readonly ItemProcessor: Scope & { readonly ProcessorConfig: { readonly Mode: 'INLINE' } };
  readonly Assign?: z.infer<typeof Assign>;
  readonly Output?: z.infer<typeof Output>;
  readonly Retry: z.infer<typeof Retrier>[];
  readonly Catch: z.infer<typeof Catcher>[];
  readonly Next?: string | undefined;
  readonly End?: true | undefined;
}
const MapShape: z.ZodType<MapState> = z.lazy(() =>
  z.strictObject({
    Type: z.literal('Map'),
    ...step,
    ...trouble,
    Items: template,
    ItemSelector: template.optional(),
    MaxConcurrency: z.union([z.int().min(0), z.string()]).optional(),
    ItemProcessor: z.strictObject({
      ProcessorConfig: z.strictObject({ Mode: z.literal('INLINE') }),
      StartAt: z.string(),
      States: z.record(z.string(), State),
    }),
  }),
);
const State = z.union([Task, Choice, Wait, Pass, Succeed, Fail, MapShape]);

/** States that belong together: those of a machine, or of a Map's processor. */
export interface Scope {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export const MachineDefinition = z.strictObject({
  Comment,
  QueryLanguage: z.literal('JSONata'),
  StartAt: z.string(),
  TimeoutSeconds: z.int().min(1).optional(),
  States: z.record(z.string(), State),
});

export type Task = z.infer<typeof Task>;
export type Choice = z.infer<typeof Choice>;
export type State =
  | Task
  | Choice
  | z.infer<typeof Wait>
  | z.infer<typeof Pass>
  | z.infer<typeof Succeed>
  | z.infer<typeof Fail>
  | MapState;
export type Retrier = z.infer<typeof Retrier>;
export type Catcher = z.infer<typeof Catcher>;
export type MachineDefinition = z.infer<typeof MachineDefinition>;
