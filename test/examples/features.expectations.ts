/**
 * What the charts of `examples/features` come to by fasit's rules: environment config > label config > global config >
 * computed > chart default, then the rollout's own values. Written before the code that resolves them.
 */
import type { Place } from './features.world.ts';

type Map = Readonly<Record<string, unknown>>;
type From = 'chart' | 'computed' | 'package' | 'label' | 'environment' | 'fairlead' | 'rollout';

export interface Given {
  /** Layers: the package's, a label's, the environment's, and their secret ones. */
  readonly package?: Map;
  readonly packageSecrets?: Map;
  readonly label?: Map;
  readonly environment?: Map;
  readonly environmentSecrets?: Map;
  readonly own?: Map;
}

export type Expectation =
  /** A value that anybody may see. */
  | readonly [key: string, from: From, value: unknown]
  /** A value that nobody may see. */
  | readonly [key: string, from: From, value: unknown, 'secret']
  | readonly [key: string, is: 'missing']
  /** Set in a layer, and not used; with part of the reason. */
  | readonly [key: string, is: 'orphan', because: string]
  /** Refused; with parts of the reason. */
  | readonly [key: string, is: 'wrong', ...because: string[]]
  /** Not among the values at all. */
  | readonly [key: string, is: 'absent'];

export interface Scenario {
  readonly says: string;
  readonly chart: string;
  readonly in: Place;
  readonly given?: Given;
  readonly expect: readonly Expectation[];
}

const agentKey = { packageSecrets: { sink: { apiKey: 'key-of-all' } } };
const mail = { package: { issuer: { email: 'ops@acme.example' } } };
const retention = { package: { backup: { retentionDays: 30 } } };

export const SCENARIOS: readonly Scenario[] = [
  {
    says: 'an agent that was given nothing but its key computes the rest',
    chart: 'logging-agent',
    in: 'dev',
    given: agentKey,
    expect: [
      ['cluster', 'computed', 'dev'],
      ['sink.url', 'computed', 'https://logs.acme.example'],
      ['sink.tenantID', 'computed', 'ACME'],
      ['sink.apiKey', 'package', 'key-of-all', 'secret'],
      ['sink.basicAuth', 'computed', 'Basic YWdlbnQ6a2V5LW9mLWFsbA==', 'secret'],
      ['exclude.namespaces', 'chart', ['kube-system']],
      ['buffer.maxMegabytes', 'chart', 256],
      ['cloud.projectID', 'computed', 'acme-dev-1a'],
      ['extraLabels.kind', 'computed', 'tenant'],
      ['extraLabels.ring', 'computed', 'canary'],
      ['nodeSelector.kubernetes\\.io/os', 'chart', 'linux'],
      ['image.tag', 'chart', '3.1.2'],
      ['fasit.tenant.name', 'fairlead', 'acme'],
      ['fasit.env.name', 'fairlead', 'dev'],
      ['fasit.env.kind', 'fairlead', 'tenant'],
    ],
  },
  {
    says: "an environment's config beats a label's, and that the package's",
    chart: 'logging-agent',
    in: 'dev',
    given: {
      ...agentKey,
      package: { buffer: { maxMegabytes: 512 }, tracing: { enabled: true }, exclude: { namespaces: ['a'] } },
      label: { buffer: { maxMegabytes: 1024 }, exclude: { namespaces: ['b', 'c'] } },
      environment: { buffer: { maxMegabytes: 2048 } },
    },
    expect: [
      ['buffer.maxMegabytes', 'environment', 2048],
      ['exclude.namespaces', 'label', ['b', 'c']],
      ['tracing.enabled', 'package', true],
    ],
  },
  {
    says: 'config overrides what is computed, and a rollout everything',
    chart: 'logging-agent',
    in: 'prod',
    given: {
      ...agentKey,
      package: { sink: { url: 'https://elsewhere.example' } },
      own: { image: { tag: '3.2.0' }, buffer: { maxMegabytes: 64 }, fasit: { env: { name: 'pretend' } } },
    },
    expect: [
      ['sink.url', 'package', 'https://elsewhere.example'],
      ['image.tag', 'rollout', '3.2.0'],
      ['image.repository', 'chart', 'registry.example.com/logging-agent'],
      ['buffer.maxMegabytes', 'rollout', 64],
      ['fasit.env.name', 'rollout', 'pretend'],
      ['fasit.env.kind', 'fairlead', 'tenant'],
    ],
  },
  {
    says: 'a reference is a secret, and so is what is made of it',
    chart: 'logging-agent',
    in: 'prod',
    given: { environment: { sink: { apiKey: 'ssm:/logging-agent/key:3' } } },
    expect: [
      ['sink.apiKey', 'environment', 'referred-key-3', 'secret'],
      ['sink.basicAuth', 'computed', 'Basic YWdlbnQ6cmVmZXJyZWQta2V5LTM=', 'secret'],
    ],
  },
  {
    says: "a kind that a value ignores does not have it: it is not required, and config for it is nobody's",
    chart: 'logging-agent',
    in: 'fss',
    given: { ...agentKey, environment: { cloud: { projectID: 'none' } } },
    expect: [
      ['cloud.projectID', 'orphan', 'onprem'],
      ['extraLabels.site', 'computed', 'oslo'],
      ['cluster', 'computed', 'fss'],
    ],
  },
  {
    says: 'without its key the agent is blocked',
    chart: 'logging-agent',
    in: 'dev',
    expect: [['sink.apiKey', 'missing']],
  },
  {
    says: 'what the file does not know is shown and not used',
    chart: 'logging-agent',
    in: 'dev',
    given: {
      ...agentKey,
      package: { image: { tag: '0.0.1' }, cluster: 'by-hand', sinks: ['a'] },
      label: { sink: { colour: 'green' } },
    },
    expect: [
      ['image.tag', 'orphan', 'Feature.yaml'],
      ['cluster', 'orphan', 'computed'],
      ['sinks', 'orphan', 'Feature.yaml'],
      ['sink.colour', 'orphan', 'Feature.yaml'],
      ['image.tag', 'chart', '3.1.2'],
      ['cluster', 'computed', 'dev'],
      ['sinks', 'absent'],
      ['sink.colour', 'absent'],
    ],
  },
  {
    says: 'an escaped dot is part of its key',
    chart: 'logging-agent',
    in: 'dev',
    given: { ...agentKey, environment: { nodeSelector: { 'kubernetes.io/os': 'windows' } } },
    expect: [['nodeSelector.kubernetes\\.io/os', 'environment', 'windows']],
  },
  {
    says: 'each wrong type is told with parameter, line and fix',
    chart: 'logging-agent',
    in: 'dev',
    given: { ...agentKey, package: { buffer: { maxMegabytes: '512' }, tracing: { enabled: 'yes' } } },
    expect: [
      ['buffer.maxMegabytes', 'wrong', 'logging-agent-service-helm-values version 1', 'line 2', 'without quotes'],
      ['tracing.enabled', 'wrong', 'line 4', 'true or false'],
    ],
  },
  {
    says: 'a number for a text asks for quotes',
    chart: 'logging-agent',
    in: 'dev',
    given: { ...agentKey, package: { sink: { url: 8080 }, exclude: { namespaces: [1] } } },
    expect: [
      ['sink.url', 'wrong', 'quote it'],
      ['exclude.namespaces', 'wrong', 'quote it'],
    ],
  },
  {
    says: 'an issuer in a cluster of a tenant',
    chart: 'certificate-issuer',
    in: 'dev',
    given: mail,
    expect: [
      ['issuer.email', 'package', 'ops@acme.example'],
      ['issuer.staging', 'computed', true],
      ['issuer.zone', 'computed', 'acme-zone'],
      ['issuer.project', 'computed', 'acme-mgmt-7f'],
      ['domains', 'computed', ['*.dev.acme.cloud.nais.io', 'console.dev.acme.cloud.nais.io']],
      ['trustedClusters', 'computed', ['dev', 'fss', 'prod']],
      ['caBundle', 'computed', 'Q0VSVElGSUNBVEU='],
      ['keystore.password', 'computed', 'sesame-dev', 'secret'],
      ['replicas', 'chart', 2],
    ],
  },
  {
    says: 'an issuer in the management cluster has shorter names, and no authority of its own',
    chart: 'certificate-issuer',
    in: 'management',
    given: { package: { ...mail.package, keystore: { password: 'written-down' } } },
    expect: [
      ['domains', 'computed', ['*.acme.cloud.nais.io', 'console.acme.cloud.nais.io']],
      ['caBundle', 'chart', ''],
      ['keystore.password', 'package', 'written-down', 'secret'],
    ],
  },
  {
    says: 'what prod differs in',
    chart: 'certificate-issuer',
    in: 'prod',
    given: { ...mail, environmentSecrets: { keystore: { password: 'of-the-environment' } } },
    expect: [
      ['issuer.staging', 'computed', false],
      ['caBundle', 'computed', ''],
      ['keystore.password', 'environment', 'of-the-environment', 'secret'],
    ],
  },
  {
    says: 'an address that is missing, empty or taken away is missing',
    chart: 'certificate-issuer',
    in: 'dev',
    given: { package: { issuer: { email: 'ops@acme.example' } }, environment: { issuer: { email: null } } },
    expect: [['issuer.email', 'missing']],
  },
  {
    says: 'a database operator in dev',
    chart: 'database-operator',
    in: 'dev',
    given: retention,
    expect: [
      ['operator.region', 'computed', 'europe-north1'],
      ['operator.zones', 'computed', ['europe-north1-a', 'europe-north1-b']],
      ['operator.adminURL', 'computed', 'postgres://operator:hunter-dev-2@db.dev.acme.example:5432/operator', 'secret'],
      ['backup.bucket', 'computed', 'acme-dev-backup'],
      ['backup.retentionDays', 'package', 30],
      ['peers.dev.region', 'computed', 'europe-north1'],
      ['peers.prod.project_id', 'computed', 'acme-prod-2b'],
      ['peers.fss', 'absent'],
      ['projects.prod', 'computed', 'acme-prod-2b'],
      ['flags', 'computed', 'shards=3,verbose=true'],
      ['limits.connections', 'chart', 100],
      ['ha', 'computed', false],
    ],
  },
  {
    says: 'a database operator in prod, with config of its own',
    chart: 'database-operator',
    in: 'prod',
    given: {
      package: { backup: { retentionDays: 30, bucket: 'shared-backups' }, flags: 'safe' },
      environment: { backup: { retentionDays: 365 }, ha: false, operator: { region: 'europe-west4' } },
      own: { limits: { memory: '1Gi' } },
    },
    expect: [
      ['operator.region', 'environment', 'europe-west4'],
      ['operator.zones', 'computed', ['europe-west1-a']],
      [
        'operator.adminURL',
        'computed',
        'postgres://operator:hunter-prod-9@db.prod.acme.example:6432/operator',
        'secret',
      ],
      ['backup.bucket', 'package', 'shared-backups'],
      ['backup.retentionDays', 'environment', 365],
      ['flags', 'package', 'safe'],
      ['ha', 'environment', false],
      ['limits.memory', 'rollout', '1Gi'],
      ['limits.connections', 'chart', 100],
    ],
  },
  {
    says: 'a default of null is no value',
    chart: 'database-operator',
    in: 'dev',
    expect: [['backup.retentionDays', 'missing']],
  },
  {
    says: 'policies in a cluster of a tenant',
    chart: 'policy-controller',
    in: 'dev',
    expect: [
      ['policies.enforce', 'chart', true],
      [
        'policies.trustedRegistries',
        'computed',
        [
          'europe-docker.pkg.dev/acme-mgmt-7f',
          'europe-docker.pkg.dev/acme-dev-1a',
          'europe-docker.pkg.dev/acme-prod-2b',
        ],
      ],
      ['admission.failurePolicy', 'computed', 'Ignore'],
      ['notify.channel', 'computed', '#acme-policies'],
      ['annotations.policy\\.acme\\.example/owner', 'computed', 'acme'],
    ],
  },
  {
    says: 'policies where they are strict, and where somebody listens',
    chart: 'policy-controller',
    in: 'management',
    given: { packageSecrets: { notify: { webhook: 'https://hooks.example/T0K3N' } } },
    expect: [
      ['admission.failurePolicy', 'computed', 'Fail'],
      ['notify.webhook', 'package', 'https://hooks.example/T0K3N', 'secret'],
    ],
  },
  {
    says: 'an environment without a tenant, of a kind with fewer values',
    chart: 'policy-controller',
    in: 'lonely',
    given: { package: { policies: { enforce: false, exemptNamespaces: ['old'] }, admission: { replicas: 1 } } },
    expect: [
      ['policies.enforce', 'orphan', 'legacy'],
      ['policies.exemptNamespaces', 'package', ['old']],
      ['policies.trustedRegistries', 'chart', []],
      ['admission.replicas', 'package', 1],
      ['fasit.env.kind', 'fairlead', 'legacy'],
      ['fasit.tenant.name', 'fairlead', ''],
    ],
  },
  {
    says: "an environment's own channel",
    chart: 'policy-controller',
    in: 'prod',
    expect: [['notify.channel', 'computed', '#acme-alerts']],
  },
  {
    says: 'an ingress controller in dev',
    chart: 'ingress-controller',
    in: 'dev',
    expect: [
      ['controller.replicas', 'computed', 2],
      ['controller.service.loadBalancerIP', 'computed', '10.1.0.4'],
      ['controller.service.type', 'computed', 'LoadBalancer'],
      ['controller.service.annotations.cloud\\.google\\.com/neg', 'chart', '{"ingress": true}'],
      [
        'controller.service.annotations.external-dns\\.alpha\\.kubernetes\\.io/hostname',
        'computed',
        'ingress.dev.acme.cloud.nais.io',
      ],
      ['controller.config.use-http2', 'chart', true],
      ['allowedSources', 'computed', ['192.0.2.0/24', '198.51.100.0/24']],
      ['geo.licenseKey', 'computed', 'LIC-8812-XY', 'secret'],
      ['statusPage.title', 'computed', 'Acme In Dev'],
    ],
  },
  {
    says: 'an ingress controller in prod, configured by ring',
    chart: 'ingress-controller',
    in: 'prod',
    given: {
      package: { controller: { config: { 'use-http2': false, 'proxy-body-size': '16m' } } },
      label: { controller: { replicas: 6, config: { 'proxy-body-size': '32m' } }, allowedSources: ['10.0.0.0/8'] },
      environment: { defaultCertificate: { key: 'ssm:/ingress-controller/tls' } },
    },
    expect: [
      ['controller.replicas', 'label', 6],
      ['controller.config.proxy-body-size', 'label', '32m'],
      ['controller.config.use-http2', 'package', false],
      ['allowedSources', 'label', ['10.0.0.0/8']],
      ['defaultCertificate.key', 'environment', 'PRIVATE KEY', 'secret'],
    ],
  },
  {
    says: 'an ingress controller on hardware of its own',
    chart: 'ingress-controller',
    in: 'fss',
    expect: [
      ['controller.service.type', 'computed', 'NodePort'],
      ['controller.service.loadBalancerIP', 'chart', ''],
      ['allowedSources', 'computed', ['10.9.0.0/16']],
      [
        'controller.service.annotations.external-dns\\.alpha\\.kubernetes\\.io/hostname',
        'computed',
        'ingress.fss.acme.cloud.nais.io',
      ],
    ],
  },
];

/** How many there are. */
export const EXPECTATIONS = SCENARIOS.reduce((sum, { expect }) => sum + expect.length, 0);
