{{/* The whole configuration of flow-server, read once at its start. */}}
{{- define "flow-server.configuration" -}}
{{ include "iflearner.flow.configuration" . }}
flow:
  iflearner_server_image: {{ .Values.aggregator.image | quote }}
  iflearner_server_args:
    {{- toYaml .Values.aggregator.args | nindent 4 }}
{{- end -}}
