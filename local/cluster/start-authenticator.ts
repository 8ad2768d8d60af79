import { Agent, get } from 'node:https';
import { dirname } from 'node:path';
import { lastLines } from '../process/last-lines.ts';
import type { Child } from '../process/start-child.ts';
import type { ControlPlaneCertificates } from './control-plane-certificates.ts';
import { programFlags } from './program-flags.ts';
import { startProgram } from './start-program.ts';

export interface AuthenticatorOptions {
  /** The cluster's id: tokens are signed for it. */
  readonly cluster: string;
  /** Path of aws-iam-authenticator. */
  readonly program: string;
  readonly folder: string;
  readonly port: number;
  /** Path of a kubeconfig that may watch kube-system/aws-auth. */
  readonly kubeconfig: string;
  readonly certificates: ControlPlaneCertificates;
  readonly region: string;
  /** From `startStsFront`. */
  readonly stsProxy: string;
  /** Whether `aws-auth` exists already: then it is not ready before it has read it. */
  readonly mapped: boolean;
  readonly log: string;
}

const DEADLINE_MS = 30_000;

/** Where the API server asks about a token; the path is the authenticator's. */
export const authenticatorUrl = (port: number) => `https://127.0.0.1:${port}/authenticate`;

/**
 * The authenticator that EKS runs, reading `aws-auth`, its questions to STS led to the local front.
 * It also answers `ok` on port 21363 of every interface, which it cannot be told not to do; with that port taken it says so in its log and works on.
 * @throws PortTaken, or with its last words
 */
export async function startAuthenticator(options: AuthenticatorOptions): Promise<Child> {
  const { cluster, program, folder, port, kubeconfig, certificates, region, stsProxy, mapped, log } = options;
  const agent = new Agent({ ca: certificates.ca });
  try {
    return await startProgram({
      name: `aws-iam-authenticator of ${cluster}`,
      command: program,
      args: [
        'server',
        ...programFlags({
          'cluster-id': cluster,
          'backend-mode': 'EKSConfigMap',
          kubeconfig,
          'kubeconfig-pregenerated': true,
          'state-dir': dirname(certificates.authenticator.cert),
          address: '127.0.0.1',
          port,
        }),
      ],
      env: {
        HOME: folder,
        AWS_REGION: region,
        AWS_EC2_METADATA_DISABLED: 'true',
        HTTPS_PROXY: stsProxy,
        NO_PROXY: '127.0.0.1',
        SSL_CERT_FILE: certificates.caFile,
      },
      cwd: folder,
      log,
      deadlineMs: DEADLINE_MS,
      ready: async () =>
        (await isOk(`https://127.0.0.1:${port}/healthz`, agent)) && (!mapped || (await hasReadAwsAuth(log))),
    });
  } finally {
    agent.destroy();
  }
}

function isOk(url: string, agent: Agent): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const asked = get(url, { agent, timeout: 2_000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.once('timeout', () => asked.destroy(new Error('no answer in 2 s')));
    asked.once('error', reject);
  });
}

/** It answers its health before it has read the ConfigMap, and refuses everybody until then; only its log tells. */
async function hasReadAwsAuth(log: string): Promise<boolean> {
  return (await lastLines(log, 200)).some((line) => line.includes('Received aws-auth watch event'));
}
