/** Which object helm's words are about. Kubernetes and helm have a form for each kind of refusal. */
import type { Culprit } from '../../domain/outcome.ts';

const FORMS: readonly RegExp[] = [
  // Deployment.apps "web" is invalid: …
  /\b(?<kind>[A-Z]\w*)(?:\.[\w.-]+)? "(?<name>[^"]+)" is invalid/,
  // conflict occurred while applying object ns/web apps/v1, Kind=Deployment: …
  /(?:applying object|typed patch object \(|create object \(|converting object to typed object \()\s*(?<namespace>[^/\s]*)\/(?<name>\S+?)[;\s]\s*\S+ Kind=(?<kind>\w+)/,
  // resource Job/ns/migrate not ready
  /resource (?<kind>[A-Z]\w*)\/(?<namespace>[^/\s]+)\/(?<name>\S+) not ready/,
  // ConfigMap "taken" in namespace "ns" exists and cannot be imported
  /\b(?<kind>[A-Z]\w*) "(?<name>[^"]+)" in namespace "(?<namespace>[^"]*)"/,
  // no matches for kind: resource mapping not found for name: "w" namespace: "" from "": no matches for kind "Widget"
  /mapping not found for name: "(?<name>[^"]*)" namespace: "(?<namespace>[^"]*)" .*no matches for kind "(?<kind>\w+)"/,
  // roles.rbac.authorization.k8s.io "w" is forbidden
  /\b(?<kind>[a-z]+(?:\.[\w.-]+)?) "(?<name>[^"]+)" is forbidden/,
];

/** The first object that the words name, if any. */
export function culpritIn(words: string): Omit<Culprit, 'because'> | undefined {
  for (const form of FORMS) {
    const { kind, name, namespace } = form.exec(words)?.groups ?? {};
    if (kind === undefined || name === undefined) continue;
    return { kind, name, ...(namespace !== undefined && namespace !== '' && { namespace }) };
  }
  return undefined;
}
