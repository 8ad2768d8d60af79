{{- define "cluster-access.labels" -}}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: fairlead
{{- end }}

{{- define "cluster-access.group" -}}
- apiGroup: rbac.authorization.k8s.io
  kind: Group
  name: {{ .Values.group | quote }}
{{- end }}
