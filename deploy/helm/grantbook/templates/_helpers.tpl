{{- define "grantbook.selector" -}}
app.kubernetes.io/name: grantbook
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "grantbook.labels" -}}
{{ include "grantbook.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "grantbook.name" -}}
{{- if contains "grantbook" .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-grantbook{{ end }}
{{- end }}

{{- define "grantbook.secret" -}}
{{- if .Values.existingSecret }}{{ .Values.existingSecret }}{{ else }}{{ include "grantbook.name" . }}{{ end }}
{{- end }}
