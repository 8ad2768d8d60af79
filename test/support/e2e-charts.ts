/** Templates for charts made on the fly: as small as the story allows. */

/** One ConfigMap that shows `.Values.colour`: ready as soon as it is there. */
export const CONFIG = {
  'config.yaml': `
apiVersion: v1
kind: ConfigMap
metadata: { name: "{{ .Release.Name }}" }
data: { colour: "{{ .Values.colour }}", version: "{{ .Chart.Version }}" }
`,
};

/** One pod that behaves as `.Values.pretend` says (local/cluster/README.md). */
export const POD = {
  'deployment.yaml': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: "{{ .Release.Name }}" }
spec:
  selector: { matchLabels: { app: "{{ .Release.Name }}" } }
  template:
    metadata:
      labels: { app: "{{ .Release.Name }}" }
      annotations: { fairlead.dev/pretend: "{{ .Values.pretend }}" }
    spec: { containers: [{ name: web, image: "web:{{ .Chart.Version }}" }] }
`,
};

/** A hook that helm waits for before it changes anything: for ever when ConfigMap `slow` stands in the namespace as helm begins. */
export const HOOK = {
  'hook.yaml': `
apiVersion: batch/v1
kind: Job
metadata:
  name: "{{ .Release.Name }}-before"
  annotations:
    helm.sh/hook: pre-install,pre-upgrade
    helm.sh/hook-delete-policy: before-hook-creation
spec:
  template:
    metadata:
      annotations:
        fairlead.dev/pretend: '{{ if lookup "v1" "ConfigMap" .Release.Namespace "slow" }}never-ready{{ else }}run{{ end }}'
    spec: { restartPolicy: Never, containers: [{ name: before, image: "before:1" }] }
`,
};
