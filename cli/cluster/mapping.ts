/** The two ways in which a cluster can be told of a role, as proposals. */
import { isDeepStrictEqual } from 'node:util';
import {
  type AccessEntry,
  deployersAccessEntry,
  type EntryDecision,
  installationOf,
  judgeEntry,
  judgeEntryGone,
} from '../../domain/aws-auth/access-entry.ts';
import { deployersEntry } from '../../domain/aws-auth/map-role.ts';
import { lineDiff } from '../../domain/line-diff.ts';
import type { AwsAuthProposal, ClusterAdmin, Written } from './cluster-admin.ts';
import type { Proposal } from './proposal.ts';

export interface Mapping {
  readonly admin: ClusterAdmin;
  readonly cluster: string;
  /** ARN that the cluster is to know, or to forget. */
  readonly role: string;
  /** Role of the environment's deployer, which tells the installation's name. */
  readonly deployerRole: string;
}

/** Makes or corrects our access entry. */
export function connectByEntry(mapping: Mapping): () => Promise<Proposal> {
  return byEntry(mapping, judgeEntry);
}

/** Deletes our access entry. */
export function disconnectByEntry(mapping: Mapping): () => Promise<Proposal> {
  return byEntry(mapping, judgeEntryGone);
}

/** Writes our lines into aws-auth. @param mayCreate whether one may be made where there is none. */
export function connectByAwsAuth({ admin, cluster, role }: Mapping, mayCreate: boolean): () => Promise<Proposal> {
  return async () => shown(cluster, await admin.awsAuth.connect(deployersEntry(role), mayCreate));
}

/** Takes our lines out of aws-auth. */
export function disconnectByAwsAuth({ admin, cluster, role }: Mapping): () => Promise<Proposal> {
  return async () => shown(cluster, await admin.awsAuth.disconnect(deployersEntry(role)));
}

function byEntry(
  { admin: { eks }, cluster, role, deployerRole }: Mapping,
  judge: (found: AccessEntry | undefined, wanted: AccessEntry) => EntryDecision,
): () => Promise<Proposal> {
  const wanted = deployersAccessEntry(role, installationOf(deployerRole));
  const writes: Readonly<Record<EntryDecision['do'], (() => Promise<Written>) | undefined>> = {
    create: () => eks.create(wanted),
    update: () => eks.update(wanted),
    delete: () => eks.remove(role),
    nothing: undefined,
    refuse: undefined,
  };
  return async () => {
    const read = await eks.read(role);
    if (!('entry' in read)) return { outcome: 'denied', because: read.because };
    const decision = judge(read.entry, wanted);
    const { because } = decision;
    const write = writes[decision.do];
    if (write === undefined) return { outcome: decision.do === 'refuse' ? 'refused' : 'right', because };
    const before = read.entry === undefined ? '' : written(read.entry);
    const after = decision.do === 'delete' ? '' : written({ ...wanted, tags: { ...read.entry?.tags, ...wanted.tags } });
    const diff = diffOf(`access entry of ${cluster}`, before, after);
    // EKS has no compare-and-swap for entries: what was agreed to is at least what stands there now.
    const writeSeen = async () => (isDeepStrictEqual(await eks.read(role), read) ? write() : SOMEBODY_WAS_FASTER);
    return { outcome: 'changed', because, diff, notes: [], write: writeSeen };
  };
}

const SOMEBODY_WAS_FASTER: Written = { written: false, raced: true };

function shown(cluster: string, proposal: AwsAuthProposal): Proposal {
  if (proposal.outcome !== 'changed') return proposal;
  const { because, before, after, keptInAFile, backUp, write } = proposal;
  const note =
    "somebody keeps this ConfigMap in a file ('kubectl apply'): change it there too, or the next apply undoes this";
  const diff = diffOf(`kube-system/aws-auth mapRoles of ${cluster}`, before, after);
  return { outcome: 'changed', because, diff, notes: keptInAFile ? [note] : [], backUp, write };
}

const diffOf = (what: string, before: string, after: string) =>
  lineDiff(before, after, { before: `${what} (as it is)`, after: `${what} (as it will be)` });

function written({ principalArn, username, groups, type, tags }: AccessEntry): string {
  const fields = Object.entries(tags).map(([key, value]) => `tag ${key}: ${value}`);
  const lines = [
    `principal: ${principalArn}`,
    `username: ${username}`,
    `groups: ${groups.join(', ')}`,
    `type: ${type}`,
  ];
  return [...lines, ...fields].map((line) => `${line}\n`).join('');
}
