/** The routes for fasit-deploy: nothing of them without `fasitDeploy`, and with it exactly two methods that an authorizer admits to. */
import { describe, expect, test } from 'vitest';
import { FASIT_ROUTES } from '../../contracts/api/fasit-routes.ts';
import { ROUTES } from '../../contracts/api/routes.ts';
import { linesOf, ofType, type Resource, rightsOf, synthesise, testConfig } from '../support/synth.ts';

const fasitDeploy = { owners: [{ name: 'acme', id: '1' }], repositories: ['acme/web-*'] };
const without = synthesise();
const built = synthesise(testConfig({ fasitDeploy }));

type Built = typeof built;
const methodsOf = (of: Built, type: string) =>
  ofType(of, 'AWS::ApiGateway::Method').filter(({ Properties }) => Properties.AuthorizationType === type);

/** `/github/assignment/{id}` of a method, along its resources' parents. */
function pathOf({ resources }: Built, { Properties }: Resource): string {
  const parts: string[] = [];
  for (let id = Properties.ResourceId.Ref; id !== undefined; id = resources[id]?.Properties.ParentId.Ref) {
    parts.unshift(resources[id]?.Properties.PathPart);
  }
  return `/${parts.join('/')}`;
}
const callsOf = (of: Built, type: string) =>
  methodsOf(of, type).map((method) => `${method.Properties.HttpMethod} ${pathOf(of, method)}`);

/** What a gateway response answers with. */
function gatewayProblem({ resources }: Built, type: string) {
  const found = Object.values(resources).find(
    ({ Type, Properties }) => Type === 'AWS::ApiGateway::GatewayResponse' && Properties.ResponseType === type,
  );
  return found && { ...found.Properties, body: JSON.parse(found.Properties.ResponseTemplates['application/json']) };
}

describe('without fasitDeploy', () => {
  test('there is no authorizer, no function for it, no path and no method that is not signed', () => {
    expect(ofType(without, 'AWS::ApiGateway::Authorizer')).toEqual([]);
    expect(JSON.stringify(without.template.toJSON())).not.toMatch(/authorize-github|AuthorizerFailures|"assignment"/);
    expect(methodsOf(without, 'AWS_IAM')).toHaveLength(ofType(without, 'AWS::ApiGateway::Method').length);
  });

  test('the function that answers is told of none', () => {
    const [answers] = ofType(without, 'AWS::Lambda::Function').filter(
      ({ Properties }) => Properties.Environment.Variables.FASIT_DEPLOY !== undefined,
    );
    expect(answers?.Properties.Environment.Variables.FASIT_DEPLOY).toBe('');
  });
});

describe('with fasitDeploy', () => {
  test('exactly two methods are admitted by the authorizer, and all others are signed as before', () => {
    expect(callsOf(built, 'CUSTOM').toSorted()).toEqual(FASIT_ROUTES.map((r) => `${r.method} ${r.path}`).toSorted());
    expect(callsOf(built, 'AWS_IAM').toSorted()).toEqual(ROUTES.map((r) => `${r.method} ${r.path}`).toSorted());
    for (const { Properties } of methodsOf(built, 'CUSTOM')) expect(Properties.AuthorizerId).toBeDefined();
  });

  test('the authorizer reads one header, keeps no answer, and takes nothing that does not look like a token', () => {
    const [authorizer, ...others] = ofType(built, 'AWS::ApiGateway::Authorizer');
    expect(others).toEqual([]);
    expect(authorizer?.Properties).toMatchObject({
      Type: 'TOKEN',
      IdentitySource: 'method.request.header.Authorization',
      AuthorizerResultTtlInSeconds: 0,
    });
    const taken = new RegExp(authorizer?.Properties.IdentityValidationExpression);
    expect(taken.test('Bearer aa.bb-_.cc')).toBe(true);
    const refused = ['aa.bb.cc', 'Bearer aa.bb', 'Bearer aa.bb.', 'Bearer aa.bb.cc.dd', 'Basic YTpi', 'Bearer a.b.c d'];
    expect(refused.filter((header) => taken.test(header))).toEqual([]);
  });

  test('its function is told whom to admit, runs behind its alias, and may do nothing but write its log', () => {
    const id = built.idOf('Front/Github/AuthorizeGithub/Function/Resource');
    expect(built.resources[id]?.Properties.Environment.Variables).toMatchObject({
      GITHUB_ISSUER: 'https://token.actions.githubusercontent.com',
      GITHUB_KEYS_URL: 'https://token.actions.githubusercontent.com/.well-known/jwks',
      AUDIENCES: 'https://github.com/acme',
      FASIT_DEPLOY: JSON.stringify(fasitDeploy),
    });
    const role = built.idOf('Front/Github/AuthorizeGithub/Role/Resource');
    expect(linesOf(rightsOf(built, role)).map((line) => line.split(' ')[0])).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
    const [authorizer] = ofType(built, 'AWS::ApiGateway::Authorizer');
    const alias = built.idOf('Front/Github/AuthorizeGithub/Function/Aliaslive/Resource');
    expect(JSON.stringify(authorizer?.Properties.AuthorizerUri)).toContain(alias);
  });

  test('only this authorizer of this API may call it', () => {
    const alias = built.idOf('Front/Github/AuthorizeGithub/Function/Aliaslive/Resource');
    const grants = ofType(built, 'AWS::Lambda::Permission').filter(
      ({ Properties }) => Properties.FunctionName.Ref === alias,
    );
    expect(grants).toHaveLength(1);
    expect(grants[0]?.Properties.Principal).toBe('apigateway.amazonaws.com');
    expect(JSON.stringify(grants[0]?.Properties.SourceArn)).toContain('/authorizers/');
  });

  test('audiences can be others than GitHub’s own', () => {
    const settings = { ...fasitDeploy, audiences: ['fasit', 'https://deploy.acme.example'] };
    const other = synthesise(testConfig({ fasitDeploy: settings }));
    const id = other.idOf('Front/Github/AuthorizeGithub/Function/Resource');
    expect(other.resources[id]?.Properties.Environment.Variables.AUDIENCES).toBe('fasit,https://deploy.acme.example');
  });

  test.each([
    ['UNAUTHORIZED', 401, 'token-needed'],
    ['AUTHORIZER_FAILURE', 503, 'unavailable'],
    ['AUTHORIZER_CONFIGURATION_ERROR', 503, 'unavailable'],
    ['ACCESS_DENIED', 403, 'forbidden'],
  ])('the gateway answers %s with %s in problem details', (type, status, problem) => {
    const { StatusCode, ResponseParameters, body } = gatewayProblem(built, type) ?? {};
    expect([StatusCode, body.status, body.type]).toEqual([
      String(status),
      status,
      `https://fairlead.dev/problems/${problem}`,
    ]);
    expect(Object.values(ResponseParameters)).toEqual(["'application/problem+json'"]);
  });

  test('a refused token learns why', () => {
    expect(gatewayProblem(built, 'ACCESS_DENIED')?.body.because).toBe('$context.authorizer.because');
    expect(gatewayProblem(without, 'ACCESS_DENIED')?.body.because).toBeUndefined();
  });

  test('the alarm counts what could not be judged, not the tokens that have ended', () => {
    const [filter] = ofType(built, 'AWS::Logs::MetricFilter').filter(({ Properties }) =>
      JSON.stringify(Properties).includes('AuthorizerFailures'),
    );
    expect(filter?.Properties.FilterPattern).toBe('{ $.refusedBecause = "AUTHORIZER_*" }');
    const [{ MetricName, MetricNamespace }] = filter?.Properties.MetricTransformations ?? [];
    const alarm = built.resources[built.idOf('Front/Github/AuthorizeGithub/Failing/Resource')]?.Properties;
    expect([alarm.MetricName, alarm.Namespace]).toEqual([MetricName, MetricNamespace]);
    expect(alarm.AlarmDescription).toContain('docs/runbooks/authorize-github.md');
  });
});
