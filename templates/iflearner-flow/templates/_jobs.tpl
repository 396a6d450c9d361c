{{/*
What training pods get: a ConfigMap in the namespace of the jobs, which the operator reads as long as it runs. It is
rendered by the chart of the flow service whose jobs it is for, for the operator may belong to another deployment. These
take the root context of flow-server or flow-federate.
*/}}

{{/* Whose jobs: server or client. */}}
{{- define "iflearner.jobs.role" -}}
{{- ternary "client" "server" (eq .Chart.Name "flow-federate") -}}
{{- end -}}

{{/* "true" where the values ask for something: without a ConfigMap pods are made as jobs say. */}}
{{- define "iflearner.jobs.asked" -}}
{{- $global := .Values.global -}}
{{- $ingress := $global.ingress | default dict -}}
{{- if or $global.jobs $global.imagePullSecrets $global.registry $global.registryMirrors -}}
true
{{- else if or (include "iflearner.jobs.hostAliases" .) (include "iflearner.relayed" .) -}}
true
{{- else if or $ingress.annotations (ne ($ingress.className | default "nginx") "nginx") (ne ($ingress.controller | default "nginx") "nginx") -}}
true
{{- end -}}
{{- end -}}

{{/* Where the names of tasks lead, as YAML; empty where the hosts files of pods are left alone. */}}
{{- define "iflearner.jobs.hostAliases" -}}
{{- if and (eq .Chart.Name "flow-federate") (eq .Values.global.dns.mode "hostAliases") -}}
{{- if include "iflearner.relayed" . -}}
service:
  namespace: {{ .Release.Namespace | quote }}
  name: iflearner-relay
{{- else -}}
{{- $address := required "flow-federate.trainingAddress is empty: global.dns.mode hostAliases needs it" .Values.trainingAddress -}}
host: {{ regexReplaceAll ":[0-9]+$" $address "" | trimPrefix "[" | trimSuffix "]" | quote }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What the operator reads. */}}
{{- define "iflearner.jobs.policy" -}}
{{- $global := .Values.global -}}
{{- $jobs := $global.jobs | default dict -}}
{{- $role := include "iflearner.jobs.role" . -}}
{{- $policy := dict -}}
{{- range $key := list "registry" "registryMirrors" "imagePullSecrets" -}}
{{- with get $global $key -}}
{{- $_ := set $policy $key . -}}
{{- end -}}
{{- end -}}
{{- range $key := list "allowImages" "resources" "nodeSelector" "tolerations" "runtimeClassName" "shmSize" "env" -}}
{{- with get $jobs $key -}}
{{- $_ := set $policy $key . -}}
{{- end -}}
{{- end -}}
{{- if hasKey $jobs "data" -}}
{{- $data := list -}}
{{- range $jobs.data -}}
{{- $readOnly := true -}}
{{- if hasKey . "readOnly" -}}
{{- $readOnly = .readOnly -}}
{{- end -}}
{{- $data = append $data (dict "path" .path "existingClaim" .existingClaim "readOnly" $readOnly) -}}
{{- end -}}
{{- $_ := set $policy "data" $data -}}
{{- end -}}
{{- $labels := dict -}}
{{- range $own := list $global.commonLabels $jobs.labels -}}
{{- range $key, $value := $own -}}
{{- if ne $key "app" -}}
{{- $_ := set $labels $key (toString $value) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- with $labels -}}
{{- $_ := set $policy "labels" . -}}
{{- end -}}
{{- if $jobs -}}
{{- $_ := set $policy "podSecurity" ($global.podSecurity | default "baseline") -}}
{{- end -}}
{{- if and (eq $role "server") $jobs.evictionGuard -}}
{{- $_ := set $policy "evictionGuard" true -}}
{{- end -}}
{{- $ingress := $global.ingress | default dict -}}
{{- if or (eq $role "server") $ingress.clients -}}
{{- $class := dict "className" ($ingress.className | default "nginx") "controller" ($ingress.controller | default "nginx") -}}
{{- with $ingress.annotations -}}
{{- $annotations := dict -}}
{{- range $key, $value := . -}}
{{- $_ := set $annotations $key (toString $value) -}}
{{- end -}}
{{- $_ := set $class "annotations" $annotations -}}
{{- end -}}
{{- $_ := set $policy "ingress" $class -}}
{{- end -}}
{{- with include "iflearner.jobs.hostAliases" . -}}
{{- $_ := set $policy "hostAliases" (fromYaml .) -}}
{{- end -}}
{{- toYaml $policy -}}
{{- end -}}

{{/* The ConfigMap; nothing where nothing is asked for. */}}
{{- define "iflearner.jobs.configMap" -}}
{{- if include "iflearner.jobs.asked" . -}}
{{- $name := printf "iflearner-jobs-%s" (include "iflearner.jobs.role" .) -}}
# What training pods get. The operator reads it live: a change holds for the jobs that start after it.
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "iflearner.metadata" (dict "root" . "name" $name "appName" .Chart.Name "namespace" (include "iflearner.jobsNamespace" .)) | nindent 2 }}
data:
  policy.yaml: |
    {{- include "iflearner.jobs.policy" . | nindent 4 }}
{{- end -}}
{{- end -}}
