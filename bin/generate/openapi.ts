/** OpenAPI 3.1 and a readable page, both from `ROUTES`, `FASIT_ROUTES` and the zod contracts. */
import * as z from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { FASIT_ROUTES } from '../../contracts/api/fasit-routes.ts';
import { TOKEN_HEADER, TokenHeader } from '../../contracts/api/github-token.ts';
import { PROBLEMS, Problem, type ProblemType } from '../../contracts/api/problem.ts';
import type { Route } from '../../contracts/api/route.ts';
import { ROUTES } from '../../contracts/api/routes.ts';
import { Name, RolloutId } from '../../contracts/name.ts';
import type { Generated } from './generated.ts';

/** What any route may refuse with; also what API Gateway answers by itself. */
export const PROBLEMS_OF_ALL: readonly ProblemType[] = [
  'unauthenticated',
  'forbidden',
  'invalid',
  'too-many-requests',
  'internal',
  'unavailable',
];

const PARAMETERS: Readonly<Record<string, z.ZodType>> = {
  package: Name.meta({ description: 'name of the package', example: 'webui' }),
  environment: Name.meta({ description: 'name of the environment', example: 'staging' }),
  rollout: z
    .union([RolloutId, z.literal('latest')])
    .meta({ description: "id of the rollout, or `latest` for the package's newest" }),
};

/** The document as an object. */
export function openapiDocument() {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of [...ROUTES, ...FASIT_ROUTES]) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Fairlead',
      version: '1',
      description:
        'Rolls helm releases out to many EKS clusters. Every call is signed with SigV4 (service `execute-api`) by a source, operator or reader role; the paths below `/github`, which only installations with `fasitDeploy` have, take a GitHub token instead.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [
      {
        url: 'https://{api}.execute-api.{region}.amazonaws.com/{stage}',
        description: 'the stack prints its own as output ApiUrl',
        variables: { api: { default: 'id' }, region: { default: 'eu-north-1' }, stage: { default: 'v1' } },
      },
    ],
    security: [{ sigv4: [] }],
    components: {
      securitySchemes: {
        sigv4: {
          type: 'apiKey',
          name: 'Authorization',
          in: 'header',
          'x-amazon-apigateway-authtype': 'awsSigv4',
          description: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html',
        },
        githubToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'https://docs.github.com/en/actions/reference/security/oidc',
        },
      },
    },
    paths,
  });
}

function operationOf(route: Route): ZodOpenApiOperationObject {
  const { operation, summary, who, body, query } = route;
  const headers = headersOf(route);
  const names = parametersOf(route);
  const path = z.object(Object.fromEntries(names.map((name) => [name, PARAMETERS[name] ?? z.string()])));
  return {
    operationId: operation,
    summary,
    description: byTokenAlone(route)
      ? 'For jobs with a GitHub token, in installations with `fasitDeploy`.'
      : `For ${who.join(' and ')} roles.`,
    ...(byTokenAlone(route) && { security: [{ githubToken: [] }] }),
    requestParams: { ...(names.length > 0 && { path }), ...(query && { query }), ...(headers && { header: headers }) },
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: { ...answersOf(route), ...refusalsOf(route) },
  };
}

/** Names of the path's parameters, in order. */
export function parametersOf({ path }: Pick<Route, 'path'>): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}

type Responses = ZodOpenApiOperationObject['responses'];

function answersOf({ answers }: Route): Responses {
  const entries = Object.entries(answers).map(([status, { says, body }]) => {
    const content = body && { content: { 'application/json': { schema: body } } };
    return [status, { description: says, ...content }] as const;
  });
  return Object.fromEntries(entries);
}

/** Problem types of a route: its own, those of a name in the path, and those of all. */
export function problemsOf(route: Route): readonly ProblemType[] {
  const named: readonly ProblemType[] = parametersOf(route).length > 0 ? ['invalid'] : [];
  return [...new Set([...route.problems, ...named, ...problemsOfToken(route), ...PROBLEMS_OF_ALL])];
}

/** Whether GitHub's token may come along: it says which repository calls. */
const takesToken = ({ who }: Route) => who.includes('workflow');

/** Whether the token is all that the caller has: API Gateway asks for a fresh one by itself. */
const byTokenAlone = ({ who }: Route) => who.includes('token');

function problemsOfToken(route: Route): readonly ProblemType[] {
  if (byTokenAlone(route)) return ['token-needed'];
  if (!takesToken(route)) return [];
  return route.method === 'GET' ? ['token-refused'] : ['token-refused', 'token-reused'];
}

/** The route's headers, and the token's. */
function headersOf(route: Route): z.ZodObject | undefined {
  if (!takesToken(route)) return route.headers;
  return z.object({ ...route.headers?.shape, [TOKEN_HEADER]: TokenHeader.optional() });
}

function refusalsOf(route: Route): Responses {
  const groups = Object.groupBy(problemsOf(route), (type) => PROBLEMS[type].status);
  const entries = Object.entries(groups).map(([status, types = []]) => {
    const description = types.map((type) => `\`${type}\`: ${PROBLEMS[type].title}`).join('; ');
    return [status, { description, content: { 'application/problem+json': { schema: Problem } } }] as const;
  });
  return Object.fromEntries(entries);
}

/** `docs/reference/openapi.json` and `docs/reference/api.md`. */
export function openapi(): readonly Generated[] {
  return [
    { path: 'docs/reference/openapi.json', content: `${JSON.stringify(openapiDocument(), undefined, 2)}\n` },
    { path: 'docs/reference/api.md', content: page() },
  ];
}

const byStatus = (a: ProblemType, b: ProblemType) => PROBLEMS[a].status - PROBLEMS[b].status;

function rowsOf(routes: readonly Route[]): string {
  const rows = routes.map((route) => {
    const answers = Object.entries(route.answers).map(([status, { says }]) => `${status} ${says}`);
    const problems = route.problems.toSorted(byStatus).map((type) => `${PROBLEMS[type].status} \`${type}\``);
    const cells = [
      `\`${route.method} ${route.path}\``,
      route.summary,
      route.who.join(', '),
      [...answers, ...problems].join('<br>'),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return `| route | effect | for | answers |
|---|---|---|---|
${rows.join('\n')}`;
}

function page(): string {
  const problems = Object.entries(PROBLEMS).map(
    ([type, { status, title }]) => `| \`${type}\` | ${status} | ${title} |`,
  );
  return `<!-- made by \`npm run generate\` from contracts/api: change it there -->
# API

JSON in and out; bodies up to 200 KB. Every call is signed with SigV4 (service \`execute-api\`). The machine-readable form is
[openapi.json](openapi.json) (OpenAPI 3.1). \`{rollout}\` is an id, or \`latest\` for the package's newest rollout.

${rowsOf(ROUTES)}

Every route may also answer ${PROBLEMS_OF_ALL.map((type) => `${PROBLEMS[type].status} \`${type}\``).join(', ')}.

## For nais/fasit-deploy v4

Only installations with \`fasitDeploy\` in \`fairlead.yaml\` have these. They are not signed: \`Authorization: Bearer\` and GitHub's OIDC token admit. See
[coming from fasit](../coming-from-fasit.md).

${rowsOf(FASIT_ROUTES)}

## Problems

A refusal is \`application/problem+json\` (RFC 9457): \`type\` is \`https://fairlead.dev/problems/{type}\` and never changes its meaning, \`detail\`
names the wrong value and the next step, \`errors[]\` has a JSON pointer for each field at fault, \`instance\` is the request's id in the log.

| type | status | meaning |
|---|---|---|
${problems.join('\n')}
`;
}
