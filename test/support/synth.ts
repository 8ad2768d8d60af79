/** The CDK app in tests: synthesised in memory's reach, without bundling and without copying assets. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type CfnElement, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Config } from '../../contracts/config.ts';
import { fairleadApp } from '../../lib/fairlead-app.ts';
import type { Installation } from '../../lib/installation.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The flags of cdk.json, with what makes a synthesis quick. */
const CONTEXT: Record<string, unknown> = {
  ...JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')).context,
  'aws:cdk:bundling-stacks': [],
  'aws:cdk:disable-asset-staging': true,
};

/** Ids of a repository and its owner, without which each synthesis prints a warning. */
const IDS = { ownerId: '1', repositoryId: '2' };

/** A small installation with two sources and every optional role; `changes` as a person would write them in `fairlead.yaml`. */
export function testConfig(changes: Readonly<Record<string, unknown>> = {}): Config {
  return Config.parse({
    account: '123456789012',
    region: 'eu-north-1',
    sources: [
      {
        name: 'webui',
        repository: 'acme/webui',
        ...IDS,
        refs: ['refs/heads/main'],
        packages: ['webui', 'webui-admin'],
      },
      { name: 'worker', repository: 'acme/worker', ...IDS, environments: ['production'], packages: ['worker'] },
    ],
    selfService: { owner: 'acme', ownerId: '1' },
    breakGlass: { who: ['arn:aws:iam::123456789012:user/ada', 'arn:aws:iam::123456789012:role/team'] },
    alarms: { email: 'on-call@example.com' },
    ...changes,
  });
}

/** A resource of a template, as loosely typed as templates are. */
// biome-ignore lint/suspicious/noExplicitAny: templates are JSON of a hundred shapes, and tests look into all of them
export type Resource = { Type: string; Properties: any; DependsOn?: string[]; DeletionPolicy?: string };

export interface Synthesised {
  readonly stack: Stack;
  readonly template: Template;
  /** By logical id. */
  readonly resources: Readonly<Record<string, Resource>>;
  /** The logical id that CloudFormation knows a construct by; `path` is the stack's own, such as `Storage/Rollouts/Table/Resource`. */
  readonly idOf: (path: string) => string;
}

/** The whole stack, with what `change` does to it. Throws what `cdk synth` would end with, findings of cdk-nag included. */
export function synthesise(
  config: Config = testConfig(),
  more: Partial<Installation> = {},
  change: (stack: Stack) => void = () => {},
): Synthesised {
  return inFolder((outdir) => {
    const app = fairleadApp(() => ({ config, local: false, ...more }), { context: CONTEXT, outdir });
    const stack = app.node.findChild(config.name);
    if (!(stack instanceof Stack)) throw new Error('the app has no stack');
    change(stack);
    return { stack, template: Template.fromStack(stack) };
  });
}

/** A stack with nothing but what `build` puts into it. */
export function synthesiseOnly(build: (stack: Stack) => void): Synthesised {
  return inFolder((outdir) => {
    const stack = new Stack(new App({ context: CONTEXT, outdir, analyticsReporting: false }), 'test', {
      env: { account: '123456789012', region: 'eu-north-1' },
    });
    build(stack);
    return { stack, template: Template.fromStack(stack) };
  });
}

function inFolder(make: (outdir: string) => Pick<Synthesised, 'stack' | 'template'>): Synthesised {
  const outdir = mkdtempSync(join(tmpdir(), 'fairlead-synth-'));
  try {
    const { stack, template } = make(outdir);
    const idOf = (path: string) => {
      const element = path.split('/').reduce((node, id) => node.node.findChild(id), stack as Stack['node']['root']);
      return stack.getLogicalId(element as CfnElement);
    };
    return { stack, template, resources: template.toJSON()['Resources'], idOf };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Resources of one type. */
export function ofType({ resources }: Synthesised, type: string): readonly Resource[] {
  return Object.values(resources).filter((resource) => resource.Type === type);
}

/** A CloudFormation value as text: `{ Ref: 'X' }` is `<X>`, `Fn::GetAtt` is `<X.Arn>`, joins are joined. */
export function shown(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if ('Ref' in value) return `<${value.Ref}>`;
  if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt'])) return `<${value['Fn::GetAtt'].join('.')}>`;
  if ('Fn::Join' in value && Array.isArray(value['Fn::Join'])) {
    const [separator, parts] = value['Fn::Join'];
    return parts.map(shown).join(separator);
  }
  return JSON.stringify(value);
}

export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** Every statement of the policies that belong to one role. */
export function rightsOf(synthesised: Synthesised, roleId: string): readonly Statement[] {
  return [...ofType(synthesised, 'AWS::IAM::Policy'), ...ofType(synthesised, 'AWS::IAM::ManagedPolicy')]
    .filter(({ Properties }) => Properties.Roles?.some((role: { Ref: string }) => role.Ref === roleId))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .map(({ Action, Resource }) => ({
      actions: [Action].flat(),
      resources: [Resource].flat().map(shown),
    }));
}

/** Everything a role may do, as `action resource` lines, sorted. */
export function linesOf(rights: readonly Statement[]): readonly string[] {
  return rights
    .flatMap(({ actions, resources }) => actions.flatMap((action) => resources.map((r) => `${action} ${r}`)))
    .toSorted();
}

/** A network as `fairlead.yaml` names it. */
export const aVpc = {
  vpcId: 'vpc-0a1b2c3d4e5f67890',
  subnetIds: ['subnet-0a1b2c3d4e5f67891', 'subnet-0a1b2c3d4e5f67892'],
  securityGroupIds: ['sg-0a1b2c3d4e5f67893'],
};

/** What *Begin* may send the machine to: the deployers' aliases, as `<logical id>`. */
export function deployersOf({ resources, idOf }: Synthesised): readonly string[] {
  const begin = resources[idOf('Deployments/BeginDeployment/Function/Resource')];
  return Object.values(JSON.parse(shown(begin?.Properties.Environment.Variables.DEPLOYER_ARNS)));
}

/** Names of the CodeBuild projects whose builds run helm. */
export function projectsOf(synthesised: Synthesised): readonly string[] {
  return ofType(synthesised, 'AWS::CodeBuild::Project').map(({ Properties }) => Properties.Name);
}
