import { describe, expect, it } from 'vitest';
import type { ConfigMap } from '../../../../adapters/kube/aws-auth/config-map.ts';
import {
  type ConfigMapEdit,
  connectConfigMap,
  disconnectConfigMap,
  isKeptInAFile,
} from '../../../../adapters/kube/aws-auth/edit-config-map.ts';
import { deployersEntry } from '../../../../domain/aws-auth/map-role.ts';

const ENTRY = deployersEntry('arn:aws:iam::123456789012:role/fairlead-deployer');
const NODES = '- rolearn: arn:aws:iam::123456789012:role/node\n  groups: [system:nodes]\n';
const object = (data?: Record<string, string>, annotations?: Record<string, string>): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'aws-auth', resourceVersion: '7', uid: 'u', ...(annotations && { annotations }) },
  ...(data && { data }),
});
const changed = (edit: ConfigMapEdit) => {
  if (edit.outcome !== 'changed') throw new Error(edit.because);
  return edit.change;
};

describe('aws-auth', () => {
  it.each<[string, ConfigMap]>([
    ['with entries', object({ mapRoles: NODES, mapUsers: '[]' })],
    ['with annotations of others', object({ mapRoles: NODES }, { note: 'ours' })],
    ['without mapRoles', object({ mapUsers: '- userarn: x\n' })],
    ['with an empty mapRoles', object({ mapRoles: '' })],
    ['with an empty mapRoles in brackets', object({ mapRoles: '[]' })],
    ['without annotations and with empty data', object({})],
  ])('%s is replaced at the version that was read, and is what it was after disconnect', (_what, before) => {
    const { how, object: written } = changed(connectConfigMap(before, ENTRY, false));
    expect([how, written.metadata.resourceVersion]).toEqual(['replace', '7']);
    expect(written.data?.['mapRoles']).toContain('fairlead:deployers');
    const back = changed(disconnectConfigMap(written, ENTRY));
    expect([back.how, back.object]).toEqual(['replace', before]);
  });

  it('that is missing is made where the cluster reads one, and deleted again', () => {
    const { how, object: made } = changed(connectConfigMap(undefined, ENTRY, true));
    expect([how, made]).toMatchObject(['create', { kind: 'ConfigMap', metadata: { namespace: 'kube-system' } }]);
    expect(changed(disconnectConfigMap({ ...made, metadata: { ...made.metadata, uid: 'u' } }, ENTRY)).how).toBe(
      'delete',
    );
  });

  it('that connect made stays when others have added to it', () => {
    const { object: made } = changed(connectConfigMap(undefined, ENTRY, true));
    const withNodes = { ...made, data: { mapRoles: NODES + made.data?.['mapRoles'] } };
    const back = changed(disconnectConfigMap(withNodes, ENTRY));
    expect([back.how, back.object.data, back.object.metadata.annotations]).toEqual([
      'replace',
      { mapRoles: NODES },
      undefined,
    ]);
    const withUsers = { ...made, data: { ...made.data, mapUsers: '[]' } };
    expect(changed(disconnectConfigMap(withUsers, ENTRY)).object.data).toEqual({ mapUsers: '[]' });
  });

  it('that is missing is not made where nothing says that the cluster reads one', () => {
    expect(connectConfigMap(undefined, ENTRY, false)).toEqual({
      outcome: 'refused',
      because: expect.stringContaining('eks:DescribeCluster'),
    });
  });

  it('is left alone when nothing is to be done', () => {
    const { object: written } = changed(connectConfigMap(object({ mapRoles: NODES }), ENTRY, false));
    expect(connectConfigMap(written, ENTRY, false).outcome).toBe('right');
    expect(disconnectConfigMap(object({ mapRoles: NODES }), ENTRY).outcome).toBe('right');
    expect(disconnectConfigMap(undefined, ENTRY).outcome).toBe('right');
  });

  it('that is written from a file is known by what kubectl apply leaves in it', () => {
    expect(isKeptInAFile(object({}, { 'kubectl.kubernetes.io/last-applied-configuration': '{}' }))).toBe(true);
    expect(isKeptInAFile(object({}))).toBe(false);
  });
});
