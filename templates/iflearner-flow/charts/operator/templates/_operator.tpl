{{/* builtin or upstream; the upstream controller writes an Ingress API that Kubernetes 1.22 removed. */}}
{{- define "operator.upstream" -}}
{{- if eq .Values.implementation "upstream" -}}
{{- if semverCompare ">=1.22-0" .Capabilities.KubeVersion.Version -}}
{{- fail (printf "operator.implementation: the upstream operator writes extensions/v1beta1 Ingresses, which Kubernetes %s no longer serves: use builtin" .Capabilities.KubeVersion.Version) -}}
{{- end -}}
true
{{- end -}}
{{- end -}}

{{/* "true" where the controller watches every namespace: as the cluster's only one it serves every deployment. */}}
{{- define "operator.watchesAll" -}}
{{- if include "operator.upstream" . -}}
true
{{- else if not .Values.watchNamespaces -}}
{{- if ne (.Values.global.clusterScoped | default "create") "expect" -}}
true
{{- end -}}
{{- end -}}
{{- end -}}

{{/* "true" where the relay's address has to be asked for in a namespace that the controller does not watch. */}}
{{- define "operator.asksForRelay" -}}
{{- if not (or (include "operator.upstream" .) (include "operator.watchesAll" .)) -}}
{{- if and (eq .Values.global.egress.mode "relay") (not (has .Release.Namespace (include "operator.namespaces" . | fromJson).namespaces)) -}}
true
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The namespaces it watches otherwise, as {"namespaces": [...]}. */}}
{{- define "operator.namespaces" -}}
{{- $namespaces := .Values.watchNamespaces | default (list (include "iflearner.jobsNamespace" .)) -}}
{{- toJson (dict "namespaces" (uniq $namespaces)) -}}
{{- end -}}

{{/* What the controller does with IflearnerJobs and what belongs to them. */}}
{{- define "operator.rules" -}}
- apiGroups: [git.iflytek.com]
  resources: [iflearnerjobs]
  verbs: [get, list, watch]
- apiGroups: [git.iflytek.com]
  resources: [iflearnerjobs/status]
  verbs: [get, update, patch]
# Where the cluster asks for it, whoever makes an object that blocks the deletion of its owner needs this.
- apiGroups: [git.iflytek.com]
  resources: [iflearnerjobs/finalizers]
  verbs: [update]
# A server-side apply is a patch.
- apiGroups: [""]
  resources: [pods, services]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [networking.k8s.io]
  resources: [ingresses]
  verbs: [get, list, watch, create, patch, delete]
{{- if include "operator.upstream" . }}
- apiGroups: [extensions]
  resources: [ingresses]
  verbs: [get, list, watch, create, update, patch, delete]
{{- else }}
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch, delete]
# The progress of a training, which the aggregator tells.
- apiGroups: [""]
  resources: [services/proxy]
  verbs: [get]
# What training pods get.
- apiGroups: [""]
  resources: [configmaps]
  resourceNames: [iflearner-jobs-server, iflearner-jobs-client]
  verbs: [get, list, watch]
{{- end }}
# Certificates that training pods and Ingresses need: their presence is checked.
- apiGroups: [""]
  resources: [configmaps]
  resourceNames: [server-iflearner-crt, party-iflearner-crt]
  verbs: [get]
- apiGroups: [""]
  resources: [secrets]
  resourceNames: [server-iflearner-secret, party-iflearner-secret]
  verbs: [get]
- apiGroups: [""]
  resources: [events]
  verbs: [create, patch]
{{- end -}}
