import { FASIT_ROUTES } from '../../contracts/api/fasit-routes.ts';
import { PROBLEMS, type ProblemType, problem } from '../../contracts/api/problem.ts';
import { NoQuery } from '../../contracts/api/query.ts';
import type { Route } from '../../contracts/api/route.ts';
import { ROUTES } from '../../contracts/api/routes.ts';
import { ApiRequest, type ApiResponse } from '../../contracts/api-request.ts';
import { auditedTable } from '../../domain/callers/audited-table.ts';
import { TokenReused } from '../../domain/callers/used-token.ts';
import { StillContended } from '../../domain/commit.ts';
import { type Answer, type Call, queryOf } from './call.ts';
import { sayWhy } from './caller/break-glass.ts';
import { recognise } from './caller/recognise.ts';
import { usingToken } from './caller/use-token.ts';
import type { Deps } from './deps.ts';
import { OPERATIONS } from './operations.ts';
import { pathParameters } from './path-parameters.ts';
import { reasonOf } from './reason-of.ts';
import { Refused } from './refused.ts';

/** Answers every call of the API: which route, who calls, may they, what do they want, what comes of it. */
export function answerRequest(deps: Deps) {
  return async (event: unknown): Promise<ApiResponse> => {
    const request = ApiRequest.parse(event);
    const began = deps.now().getTime();
    const response = await answer(deps, request);
    deps.log.info('request answered', {
      requestId: request.requestContext.requestId,
      method: request.httpMethod,
      resource: request.resource,
      caller: request.requestContext.identity.userArn ?? request.requestContext.authorizer?.['principalId'],
      status: response.statusCode,
      milliseconds: deps.now().getTime() - began,
    });
    return response;
  };
}

async function answer(deps: Deps, request: ApiRequest): Promise<ApiResponse> {
  try {
    const route = routeOf(request);
    const parameters = pathParameters(request);
    const caller = sayWhy(await recognise(deps, request, route, parameters.package), route, request);
    if (route.query === undefined) queryOf({ request }, NoQuery);
    const call: Call = { ...parameters, caller, request };
    const recorded = audited(await usingToken(deps, call), route, call);
    return toResponse(await OPERATIONS[route.operation](recorded, call));
  } catch (error) {
    return toProblem(deps, request, error);
  }
}

/** What this call changes leaves a line in the audit. */
function audited(deps: Deps, { operation, method }: Route, call: Call): Deps {
  if (method === 'GET') return deps;
  const { package: pkg, environment, freeze, caller, request } = call;
  const { requestId, identity } = request.requestContext;
  const { principal } = caller;
  const who = { principal, reason: reasonOf(request), sourceIp: identity.sourceIp ?? 'unknown' };
  const told = { requestId, operation, package: pkg, environment, freeze, ...who };
  return { ...deps, table: auditedTable(deps.table, told, deps.now) };
}

/** Also those that few installations deploy: elsewhere API Gateway knows no such path, and nobody passes `recognise`. */
const ALL_ROUTES = [...ROUTES, ...FASIT_ROUTES];

function routeOf({ httpMethod, resource }: ApiRequest): Route {
  const route = ALL_ROUTES.find(({ method, path }) => method === httpMethod && path === resource);
  if (route === undefined) throw new Refused('no-such-route', `there is no ${httpMethod} ${resource}`);
  return route;
}

function toResponse({ status, body }: Answer): ApiResponse {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return { statusCode: status, headers, body: body === undefined ? '' : JSON.stringify(body) };
}

/** The only place where refusals and mistakes meet HTTP. */
function toProblem(deps: Deps, request: ApiRequest, error: unknown): ApiResponse {
  const instance = request.requestContext.requestId;
  if (error instanceof Refused) {
    return refusal(error.type, error.message, { instance, ...(error.errors && { errors: error.errors }) });
  }
  if (error instanceof TokenReused) return refusal('token-reused', error.message, { instance });
  if (error instanceof StillContended) {
    deps.log.warn('too many writers at once', { requestId: instance });
    return refusal('unavailable', 'too many others are changing the same thing: try again in a moment', { instance });
  }
  deps.log.error('request not answered', { requestId: instance, error });
  return refusal('internal', `something went wrong on our side: the log has it under request ${instance}`, {
    instance,
  });
}

function refusal(type: ProblemType, detail: string, more: Parameters<typeof problem>[2]): ApiResponse {
  const headers = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
  return { statusCode: PROBLEMS[type].status, headers, body: JSON.stringify(problem(type, detail, more)) };
}
