/** One tenant's environments, and one that belongs to none, as the examples' templates see them. */
import type { EnvironmentFacts, SecretPointer, TenantFacts } from '../../domain/values/feature/facts.ts';

const pointer = (name: string): SecretPointer => ({ parameter: name, version: 1, digest: `hmac-sha256:${name}` });

const management: EnvironmentFacts = {
  name: 'management',
  kind: 'management',
  tenant: 'acme',
  labels: { ring: 'prod' },
  values: { project_id: 'acme-mgmt-7f', dns_zone: 'acme-zone', log_store_url: 'https://logs.acme.example' },
  secrets: { geo_license_key: pointer('management-geo') },
};

const dev: EnvironmentFacts = {
  name: 'dev',
  kind: 'tenant',
  tenant: 'acme',
  labels: { ring: 'canary' },
  values: {
    project_id: 'acme-dev-1a',
    region: 'europe-north1',
    zone_b: 'europe-north1-b',
    zone_a: 'europe-north1-a',
    db_host: 'db.dev.acme.example',
    loadbalancer_ip: '10.1.0.4',
    networks: '{"vpn": "198.51.100.0/24", "office": "192.0.2.0/24"}',
    operator_flags: { verbose: 'true', shards: '3' },
    ca_bundle: 'CERTIFICATE',
  },
  secrets: { db_admin_password: pointer('dev-db'), keystore_password: pointer('dev-keystore') },
};

const prod: EnvironmentFacts = {
  name: 'prod',
  kind: 'tenant',
  tenant: 'acme',
  labels: { ring: 'prod' },
  values: {
    project_id: 'acme-prod-2b',
    region: 'europe-west1',
    zone_a: 'europe-west1-a',
    db_host: 'db.prod.acme.example',
    db_port: 6432,
    loadbalancer_ip: '10.2.0.4',
    networks: '{"office": "192.0.2.0/24"}',
    operator_flags: {},
    alert_channel: '#acme-alerts',
    ca_bundle: null,
  },
  secrets: { db_admin_password: pointer('prod-db'), keystore_password: pointer('prod-keystore') },
};

const fss: EnvironmentFacts = {
  name: 'fss',
  kind: 'onprem',
  tenant: 'acme',
  labels: { ring: 'prod', site: 'oslo' },
  values: { networks: '{"hall": "10.9.0.0/16"}' },
  secrets: {},
};

const lonely: EnvironmentFacts = { name: 'lonely', kind: 'legacy', labels: {}, values: {}, secrets: {} };

const acme: TenantFacts = { v: 1, tenant: 'acme', environments: [dev, fss, management, prod] };

/** Every environment of the examples, with what its templates may know. */
export const WORLD = {
  dev: { environment: dev, facts: acme },
  prod: { environment: prod, facts: acme },
  fss: { environment: fss, facts: acme },
  management: { environment: management, facts: acme },
  lonely: { environment: lonely, facts: { v: 1, environments: [lonely] } satisfies TenantFacts },
} as const;
export type Place = keyof typeof WORLD;

/** Secret environment values: environment, key, text. */
export const SECRETS: readonly (readonly [string, string, string])[] = [
  ['management', 'geo_license_key', 'LIC-8812-XY'],
  ['dev', 'db_admin_password', 'hunter-dev-2'],
  ['dev', 'keystore_password', 'sesame-dev'],
  ['prod', 'db_admin_password', 'hunter-prod-9'],
  ['prod', 'keystore_password', 'sesame-prod'],
];

/** What references come to. */
export const REFERENCES: ReadonlyMap<string, string> = new Map([
  ['ssm:/logging-agent/key:3', 'referred-key-3'],
  ['ssm:/ingress-controller/tls', 'PRIVATE KEY'],
]);
