{{/*
The controller's version decides its options, its rights and what it may be given:
  v0.x (Kubernetes 1.18)    no IngressClass; reads networking.k8s.io/v1beta1
  up to v1.4                leads through "ingress-controller-leader", a ConfigMap or a Lease
  before v1.11.5, v1.12.0   CVE-2025-1974: no admission webhook
*/}}

{{/* "true" where this chart runs a controller: not where one is there already. */}}
{{- define "ingress-nginx.runs" -}}
{{- if not .Values.global.ingress.existing -}}
true
{{- end -}}
{{- end -}}

{{/* The newest version tested upstream with the cluster's Kubernetes; the last one from 1.31 on. */}}
{{- define "ingress-nginx.tested" -}}
{{- $kubernetes := .Capabilities.KubeVersion.Version -}}
{{- if semverCompare ">=1.31-0" $kubernetes -}}1.15.1
{{- else if semverCompare ">=1.30-0" $kubernetes -}}1.14.5
{{- else if semverCompare ">=1.29-0" $kubernetes -}}1.13.9
{{- else if semverCompare ">=1.28-0" $kubernetes -}}1.12.8
{{- else if semverCompare ">=1.26-0" $kubernetes -}}1.11.8
{{- else if semverCompare ">=1.25-0" $kubernetes -}}1.9.6
{{- else if semverCompare ">=1.24-0" $kubernetes -}}1.8.4
{{- else if semverCompare ">=1.23-0" $kubernetes -}}1.6.4
{{- else if semverCompare ">=1.22-0" $kubernetes -}}1.4.0
{{- else if semverCompare ">=1.20-0" $kubernetes -}}1.3.1
{{- else if semverCompare ">=1.19-0" $kubernetes -}}1.2.1
{{- else -}}0.49.3
{{- end -}}
{{- end -}}

{{- define "ingress-nginx.image" -}}
{{- .Values.image | default (printf "registry.k8s.io/ingress-nginx/controller:v%s" (include "ingress-nginx.tested" .)) -}}
{{- end -}}

{{/* The controller's version: told by version, else by the image's tag, else by Kubernetes. */}}
{{- define "ingress-nginx.version" -}}
{{- $reference := first (splitList "@" (include "ingress-nginx.image" .)) -}}
{{- $tag := regexFind ":[^:/]+$" $reference -}}
{{- $version := regexFind "[0-9]+\\.[0-9]+\\.[0-9]+" (.Values.version | default $tag | toString) -}}
{{- $version | default (include "ingress-nginx.tested" .) -}}
{{- end -}}

{{/* "true" before v1: no IngressClass. */}}
{{- define "ingress-nginx.legacy" -}}
{{- if semverCompare "<1.0.0-0" (include "ingress-nginx.version" .) -}}
true
{{- end -}}
{{- end -}}

{{/* The name of the Lease, or ConfigMap, of the one that leads. */}}
{{- define "ingress-nginx.electionID" -}}
{{- ternary "ingress-controller-leader" "ingress-nginx-leader" (semverCompare "<1.5.0-0" (include "ingress-nginx.version" .)) -}}
{{- end -}}

{{- define "ingress-nginx.className" -}}
{{- .Values.global.ingress.className | default "nginx" -}}
{{- end -}}

{{/* "true" where the controller checks Ingresses before they are stored. */}}
{{- define "ingress-nginx.webhook" -}}
{{- $version := include "ingress-nginx.version" . -}}
{{- if and (include "ingress-nginx.runs" .) .Values.webhook.enabled .Values.webhook.ca .Values.webhook.cert .Values.webhook.key -}}
{{- if and (semverCompare ">=1.26-0" .Capabilities.KubeVersion.Version) (or (semverCompare ">=1.12.1" $version) (semverCompare ">=1.11.5 <1.12.0" $version)) -}}
true
{{- end -}}
{{- end -}}
{{- end -}}

{{/* nginx time such as 6h or 1h30m, in seconds. */}}
{{- define "ingress-nginx.seconds" -}}
{{- $hours := regexFind "[0-9]+h" . | trimSuffix "h" | int -}}
{{- $minutes := regexFind "[0-9]+m" . | trimSuffix "m" | int -}}
{{- $seconds := regexFind "[0-9]+s?$" . | trimSuffix "s" | int -}}
{{- add (mul $hours 3600) (mul $minutes 60) $seconds -}}
{{- end -}}

{{/* The port that parties dial, and with a load balancer all of them, as {"ports": [...]}. */}}
{{- define "ingress-nginx.ports" -}}
{{- $ports := list (.Values.global.endpoint.trainingPort | default 30031 | int) -}}
{{- if eq .Values.type "LoadBalancer" -}}
{{- range .Values.global.endpoint.extraPorts -}}
{{- $ports = append $ports (int .) -}}
{{- end -}}
{{- end -}}
{{- toJson (dict "ports" (uniq $ports)) -}}
{{- end -}}

{{- define "ingress-nginx.configuration" -}}
# Every new task makes nginx load its configuration anew: what is being uploaded goes on in the old workers.
worker-shutdown-timeout: {{ .Values.workerShutdownTimeout | quote }}
# The last upload of a round waits while the server aggregates.
proxy-read-timeout: "3600"
proxy-send-timeout: "3600"
client-header-timeout: "3600"
client-body-timeout: "3600"
# One call a second for as long as a training takes.
keep-alive-requests: "1000000"
{{- if include "ingress-nginx.legacy" . }}
http2-max-requests: "1000000"
{{- end }}
allow-snippet-annotations: "false"
{{- range $key, $value := .Values.config }}
{{ $key }}: {{ $value | toString | quote }}
{{- end }}
{{- end -}}
