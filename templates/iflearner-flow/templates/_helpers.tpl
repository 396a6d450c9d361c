{{/*
Shared by every sub-chart. Most of these take (dict "root" $ "name" NAME ...):
  root       the sub-chart's root context
  name       the object's name, and app.kubernetes.io/name
  appName    app.kubernetes.io/name where it differs from the object's name
*/}}

{{/* The deployment: the plan's name. */}}
{{- define "iflearner.deployment" -}}
{{- .Values.global.deployment | default .Release.Name -}}
{{- end -}}

{{/* Where IflearnerJobs and their pods live. */}}
{{- define "iflearner.jobsNamespace" -}}
{{- .Values.global.jobsNamespace | default "default" -}}
{{- end -}}

{{/* A name for what lies outside the deployment's namespace: no two deployments share it. */}}
{{- define "iflearner.outsideName" -}}
{{- printf "%s-%s-%s" .root.Release.Namespace (include "iflearner.deployment" .root) .name -}}
{{- end -}}

{{/* The labels that select pods: never more than these two, for selectors are immutable. */}}
{{- define "iflearner.selectorLabels" -}}
app.kubernetes.io/instance: {{ include "iflearner.deployment" .root | quote }}
app.kubernetes.io/name: {{ .appName | default .name | quote }}
{{- end -}}

{{/* The labels of a pod template: nothing in them changes with the chart's version, so that a new chart alone restarts nothing. */}}
{{- define "iflearner.podLabels" -}}
{{- $labels := dict
    "app.kubernetes.io/name" (.appName | default .name)
    "app.kubernetes.io/instance" (include "iflearner.deployment" .root)
    "app.kubernetes.io/component" .root.Chart.Name
    "app.kubernetes.io/part-of" "iflearner" -}}
{{- if .object -}}
{{- $_ := set $labels "app.kubernetes.io/managed-by" .root.Release.Service -}}
{{- with .root.Chart.AppVersion -}}
{{- $_ := set $labels "app.kubernetes.io/version" . -}}
{{- end -}}
{{- $_ := set $labels "helm.sh/chart" (printf "%s-%s" .root.Chart.Name .root.Chart.Version) -}}
{{- end -}}
{{- range $key, $value := .root.Values.global.commonLabels -}}
{{- if not (hasKey $labels $key) -}}
{{- $_ := set $labels $key (toString $value) -}}
{{- end -}}
{{- end -}}
{{- toYaml $labels -}}
{{- end -}}

{{/* The labels of an object. */}}
{{- define "iflearner.labels" -}}
{{- include "iflearner.podLabels" (dict "root" .root "name" .name "appName" .appName "object" true) -}}
{{- end -}}

{{/* The annotations of an object or pod template: commonAnnotations, and `annotations` over them; empty when there are none. */}}
{{- define "iflearner.annotations" -}}
{{- $annotations := dict -}}
{{- range $key, $value := .root.Values.global.commonAnnotations -}}
{{- $_ := set $annotations $key (toString $value) -}}
{{- end -}}
{{- range $key, $value := .annotations -}}
{{- $_ := set $annotations $key (toString $value) -}}
{{- end -}}
{{- if $annotations -}}
{{- toYaml $annotations -}}
{{- end -}}
{{- end -}}

{{/* The metadata of an object: in the deployment's namespace, in `namespace`, or in none where `clusterScoped`. */}}
{{- define "iflearner.metadata" -}}
name: {{ .name }}
{{- if not .clusterScoped }}
namespace: {{ .namespace | default .root.Release.Namespace | quote }}
{{- end }}
labels:
  {{- include "iflearner.labels" . | nindent 2 }}
{{- with include "iflearner.annotations" . }}
annotations:
  {{- . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The metadata of a pod template. */}}
{{- define "iflearner.podMetadata" -}}
labels:
  {{- include "iflearner.podLabels" . | nindent 2 }}
{{- with include "iflearner.annotations" . }}
annotations:
  {{- . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* "true" where the cluster serves `kind` in the group version `version`. Lists of discovery name the kind
("batch/v1/CronJob"); where only group versions are known, the version of Kubernetes decides (`since`). */}}
{{- define "iflearner.serves" -}}
{{- $capabilities := .root.Capabilities -}}
{{- if $capabilities.APIVersions.Has (printf "%s/%s" .version .kind) -}}
true
{{- else if not ($capabilities.APIVersions.Has "apps/v1/Deployment") -}}
{{- if semverCompare .since $capabilities.KubeVersion.Version -}}
true
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The line and block `securityContext` of a pod by global.podSecurity: `user` is the id the image's program can run as; `always` sets it at
every level; `userOnly` leaves the groups to the image. */}}
{{- define "iflearner.podSecurityContext" -}}
{{- $level := .root.Values.global.podSecurity | default "baseline" -}}
{{- $context := dict -}}
{{- if and (has $level (list "baseline" "restricted")) (semverCompare ">=1.19-0" .root.Capabilities.KubeVersion.Version) -}}
{{- $_ := set $context "seccompProfile" (dict "type" "RuntimeDefault") -}}
{{- end -}}
{{- if eq $level "openshift" -}}
{{- $_ := set $context "runAsNonRoot" true -}}
{{- else if or .always (eq $level "restricted") -}}
{{- $_ := set $context "runAsNonRoot" true -}}
{{- $_ := set $context "runAsUser" (int .user) -}}
{{- if not .userOnly -}}
{{- $_ := set $context "runAsGroup" (int .user) -}}
{{- $_ := set $context "fsGroup" (int .user) -}}
{{- end -}}
{{- end -}}
{{- with mergeOverwrite $context (deepCopy (.root.Values.podSecurityContext | default dict)) -}}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{/* The same of a container by global.podSecurity: `capabilities` are added back, `readOnly` closes the root file system. */}}
{{- define "iflearner.containerSecurityContext" -}}
{{- $context := dict -}}
{{- if ne (.root.Values.global.podSecurity | default "baseline") "privileged" -}}
{{- $capabilities := dict "drop" (list "ALL") -}}
{{- with .capabilities -}}
{{- $_ := set $capabilities "add" . -}}
{{- end -}}
{{- $_ := set $context "allowPrivilegeEscalation" false -}}
{{- $_ := set $context "capabilities" $capabilities -}}
{{- if .readOnly -}}
{{- $_ := set $context "readOnlyRootFilesystem" true -}}
{{- end -}}
{{- end -}}
{{- with mergeOverwrite $context (deepCopy (.root.Values.securityContext | default dict)) -}}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{/* Where a pod runs and what it is pulled with: the lines that every pod spec begins with. */}}
{{- define "iflearner.podSettings" -}}
{{- with .root.Values.global.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.affinity | default .affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end -}}

{{/* The block `resources` of a container; takes the values' own. A null takes a default away. */}}
{{- define "iflearner.resources" -}}
{{- $resources := dict -}}
{{- range $kind, $amounts := . -}}
{{- range $name, $amount := $amounts -}}
{{- if not (kindIs "invalid" $amount) -}}
{{- $_ := set $resources $kind (set (get $resources $kind | default dict) $name (ternary $amount (toJson $amount) (kindIs "string" $amount))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- with $resources -}}
resources:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{/* The lines of a Service's spec that its type decides. */}}
{{- define "iflearner.serviceType" -}}
{{- $values := .root.Values -}}
type: {{ $values.type | default "ClusterIP" }}
{{- if eq ($values.type | default "ClusterIP") "LoadBalancer" }}
{{- with $values.loadBalancerIP }}
loadBalancerIP: {{ . }}
{{- end }}
{{- if kindIs "slice" $values.loadBalancerSourceRanges }}
{{- with $values.loadBalancerSourceRanges }}
loadBalancerSourceRanges:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}
{{- if ne ($values.type | default "ClusterIP") "ClusterIP" }}
{{- with $values.externalTrafficPolicy }}
externalTrafficPolicy: {{ . }}
{{- end }}
{{- end }}
{{- end -}}
