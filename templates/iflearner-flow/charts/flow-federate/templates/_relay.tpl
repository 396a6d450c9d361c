{{/* What selects the relay's pods. */}}
{{- define "flow-federate.relayLabels" -}}
{{- include "iflearner.selectorLabels" (dict "root" . "name" "iflearner-relay") -}}
{{- end -}}

{{/* The ConfigMap of the proxy's authorities; empty where the proxy is spoken to without TLS. */}}
{{- define "flow-federate.proxyAuthorities" -}}
{{- if hasPrefix "https://" (.Values.global.egress.proxy | default "") -}}
{{- .Values.global.egress.proxyCA -}}
{{- end -}}
{{- end -}}

{{/* What the relay is started with. */}}
{{- define "flow-federate.relayArguments" -}}
{{- $egress := .Values.global.egress -}}
{{- $domain := .Values.global.clusterDomain | default "cluster.local" -}}
{{- $direct := concat ($egress.noProxy | default list) (list ".svc" (printf ".%s" $domain)) | uniq -}}
- --listen=30031={{ required "flow-federate.trainingAddress is empty: global.egress.mode relay needs it" .Values.trainingAddress }}
- --listen=1235={{ .Values.serverAddress }}
- --proxy={{ required "global.egress.proxy is empty: global.egress.mode relay needs it" $egress.proxy }}
- --no-proxy={{ join "," $direct }}
{{- if $egress.proxySecret }}
- --proxy-credentials-dir=/etc/iflearner/proxy
{{- end }}
{{- if include "flow-federate.proxyAuthorities" . }}
- --proxy-ca-file=/etc/iflearner/proxy-ca/ca.crt
{{- end }}
- --health-probe-bind-address=:8081
{{- end -}}
