/** The Action's story: read, prove who we are, claim, start, follow, tell. */
import { signedClient } from '../adapters/aws/signed-client.ts';
import { ClaimBody } from '../contracts/api/claim.ts';
import { ApiUnreachable, CredentialsMissing } from '../contracts/api/client.ts';
import { TOKEN_AUDIENCE } from '../contracts/api/github-token.ts';
import { EXIT } from '../contracts/outcome-table.ts';
import { type Api, apiOf } from './api.ts';
import { follow } from './follow.ts';
import { logLine, plain } from './harmless.ts';
import { idempotencyKey } from './idempotency-key.ts';
import { type Inputs, readInputs } from './inputs.ts';
import { oidcOf } from './oidc.ts';
import { patientClient } from './patient-client.ts';
import type { Ports } from './ports.ts';
import { readClaimFile, readRequest, regionOf } from './read-request.ts';
import { readYaml } from './read-yaml.ts';
import { report } from './report.ts';
import { openSession } from './session.ts';
import { Stopped } from './stopped.ts';
import { summaryOfTrouble } from './summary.ts';
import { tell } from './tell.ts';

/** Runs the step. Never throws; answers the exit code of contracts/outcome-table.ts. */
export async function run(ports: Ports): Promise<number> {
  maskGiven(ports);
  try {
    return await rollOut(ports);
  } catch (error: unknown) {
    const [exit, message] = wordsFor(error);
    ports.runner.error(plain(message), 'Fairlead');
    await ports.runner.summary(summaryOfTrouble('Fairlead', message));
    return exit;
  }
}

/** Secrets that came with the environment, before anything is said. */
function maskGiven({ env, runner }: Ports): void {
  for (const name of ['ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) {
    const secret = env[name];
    if (secret) runner.setSecret(secret);
  }
}

async function rollOut(ports: Ports): Promise<number> {
  const { env, runner, timing, cancelled } = ports;
  const inputs = readInputs(env);
  const body = await readRequest(ports, inputs);
  const claim = await readClaim(ports, inputs);
  const key = inputs['idempotency-key'] ?? idempotencyKey(env, inputs.package, body);
  const api = connect(ports, inputs);
  const deadline = timing.now() + inputs['timeout-minutes'] * 60_000;
  if (claim !== undefined) {
    await api.claim(claim);
    runner.info(logLine(`package ${inputs.package} is claimed for this repository`));
  }
  if (cancelled.aborted) throw new Stopped('cancelled before anything was started', EXIT.interrupted);
  const { id, matched } = await api.start(body, key).catch((error: unknown) => {
    throw error instanceof ApiUnreachable ? mayHaveStarted(error, inputs) : error;
  });
  runner.setOutput('rollout', id);
  const count = `${matched.length} environment${matched.length === 1 ? '' : 's'}`;
  runner.info(logLine(`rollout ${id} of ${inputs.package} ${inputs.version} to ${count}: ${matched.join(', ')}`));
  if (!inputs.wait) {
    await report(ports, api, { rollout: await api.rollout(id), note: 'started; this step does not wait for its end' });
    return EXIT.success;
  }
  const followed = await follow(ports, { api, id, deadline });
  return await tell(ports, { api, id, inputs, followed });
}

/** A start whose answers all got lost, or that nobody waited for any more. */
function mayHaveStarted(cause: ApiUnreachable, { package: pkg }: Inputs): Stopped {
  const words = `${cause.message}. The rollout may have been started all the same: look with 'fairlead status ${pkg} latest', stop it with 'fairlead abort'`;
  return new Stopped(words, EXIT.unavailable, { cause });
}

async function readClaim(ports: Ports, inputs: Inputs): Promise<ClaimBody | undefined> {
  const file = await readClaimFile(ports, inputs);
  return file === undefined ? undefined : readYaml(file.text, file.source, ClaimBody);
}

function connect(ports: Ports, inputs: Inputs): Api {
  const region = regionOf(inputs, ports.env);
  const askToken = oidcOf(ports);
  const session = openSession(ports, { region, roleArn: inputs['role-to-assume'], askToken });
  const client = signedClient({
    endpoint: inputs.endpoint,
    region,
    credentials: session.credentials,
    patience: { tries: 1, pause: async () => undefined },
  });
  const patient = patientClient(ports, {
    client,
    renewSession: session.renew,
    askToken: inputs['self-service'] ? () => askToken(TOKEN_AUDIENCE) : undefined,
  });
  return apiOf(patient, inputs.package);
}

function wordsFor(error: unknown): [number, string] {
  if (error instanceof Stopped) return [error.exit, error.message];
  // Whoever gave no credentials has said why, and what to do.
  if (error instanceof CredentialsMissing) {
    return error.cause instanceof Stopped ? wordsFor(error.cause) : [EXIT['wrong invocation'], error.message];
  }
  if (error instanceof ApiUnreachable) return [EXIT.unavailable, error.message];
  const message = error instanceof Error ? error.message : String(error);
  return [EXIT.internal, `the Action made a mistake: ${message}`];
}
