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
- apiGroups: [git.iflytek.com]
  resources: [iflearnerjobs/finalizers]
  verbs: [update]
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, create, delete]
- apiGroups: [""]
  resources: [services]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [networking.k8s.io]
  resources: [ingresses]
  verbs: [get, list, watch, create, update, patch, delete]
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
{{- if include "operator.upstream" . }}
- apiGroups: [extensions]
  resources: [ingresses]
  verbs: [get, list, watch, create, update, patch, delete]
{{- end }}
{{- end -}}
