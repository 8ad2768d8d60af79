/** Reads and writes `aws-auth` with kubectl, as the user of a kubeconfig: whatever plugin signs them in there does so here. */
import { stringify } from 'yaml';
import { NotDone } from '../../../contracts/not-done.ts';
import { runProgram } from '../../run-program.ts';
import { ConfigMap, NAME, NAMESPACE } from './config-map.ts';
import type { Change } from './edit-config-map.ts';

export interface AwsAuthObjectProps {
  /** kubectl's path. */
  readonly kubectl: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Paths as in KUBECONFIG. */
  readonly kubeconfig: string;
  readonly context: string;
}

export interface AwsAuthObject {
  read(): Promise<AwsAuthRead>;
  /** Compare-and-swap: a write names the version that was read, and is refused when there is a newer one. */
  write(change: Change): Promise<AwsAuthWritten>;
}
export type AwsAuthRead = { readonly found: ConfigMap | undefined } | Denied;
/** `raced`: it is not any more what was read, so read again. */
export type AwsAuthWritten = { readonly written: true } | { readonly written: false; readonly raced: true } | Denied;
interface Denied {
  readonly written: false;
  readonly raced: false;
  /** Which right is missing. */
  readonly because: string;
}

const FOLDER = `/api/v1/namespaces/${NAMESPACE}/configmaps`;
const PATH = `${FOLDER}/${NAME}`;
/** Named in the object's managedFields. */
const QUERY = '?fieldManager=fairlead';
const TIMEOUT = 30_000;
/** How kubectl tells the API server's reason: `Error from server (Conflict): …`. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
const REASON = /\b(?:from server )?\((NotFound|Conflict|AlreadyExists|Forbidden|Unauthorized)\)/;
const RACED = ['Conflict', 'AlreadyExists', 'NotFound'];

/** What is neither a refusal nor a race is thrown in kubectl's words. */
export function awsAuthObject({ kubectl, env, kubeconfig, context }: AwsAuthObjectProps): AwsAuthObject {
  const ask = async (args: readonly string[], input?: object) => {
    const { stdout } = await runProgram({
      command: kubectl,
      args: [...args, '--context', context, '--request-timeout', '20s'],
      env: { ...env, KUBECONFIG: kubeconfig },
      timeoutMilliseconds: TIMEOUT,
      ...(input !== undefined && { input: JSON.stringify(input) }),
    });
    return stdout;
  };
  return {
    async read() {
      try {
        return { found: ConfigMap.parse(JSON.parse(await ask(['get', '--raw', PATH]))) };
      } catch (error: unknown) {
        const reason = reasonOf(error);
        if (reason === 'NotFound') return { found: undefined };
        if (reason !== undefined) return denied('get', context, error);
        throw error;
      }
    },

    async write({ how, object }) {
      const { uid, resourceVersion } = object.metadata;
      try {
        if (how === 'create') await ask(['create', '--raw', FOLDER + QUERY, '-f', '-'], object);
        else if (how === 'replace') await ask(['replace', '--raw', PATH + QUERY, '-f', '-'], checked(object));
        else await ask(['delete', '--raw', PATH, '-f', '-'], { preconditions: { uid, resourceVersion } });
        return { written: true };
      } catch (error: unknown) {
        const reason = reasonOf(error);
        if (reason === undefined) throw error;
        if (RACED.includes(reason)) return { written: false, raced: true };
        return denied(how === 'replace' ? 'update' : how, context, error);
      }
    },
  };
}

/** The object as a file that `kubectl replace -f` takes later on, whatever happened in between. */
export function backupOf({ metadata, ...rest }: ConfigMap): string {
  const { resourceVersion: _v, uid: _u, creationTimestamp: _c, managedFields: _m, ...kept } = metadata;
  return stringify({ ...rest, metadata: kept }, { lineWidth: 0 });
}

/** Without a version, a PUT would overwrite whatever is there. */
function checked(object: ConfigMap): ConfigMap {
  if (object.metadata.resourceVersion) return object;
  throw new Error('aws-auth was read without its resourceVersion');
}

const reasonOf = (error: unknown) => (error instanceof NotDone ? REASON.exec(error.message)?.[1] : undefined);

function denied(verb: string, context: string, error: unknown): Denied {
  const said = error instanceof Error ? ` (${error.message})` : '';
  const because = `the user of kubeconfig context '${context}' may not ${verb} configmap ${NAME} in ${NAMESPACE}${said}`;
  return { written: false, raced: false, because };
}
