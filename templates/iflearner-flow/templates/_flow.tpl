{{/*
What flow-server and flow-federate have in common. These take the sub-chart's root context.
*/}}

{{/* "true" where flow-federate and its training pods reach the server side through a relay. */}}
{{- define "iflearner.relayed" -}}
{{- if and (eq .Chart.Name "flow-federate") (eq .Values.global.egress.mode "relay") -}}
true
{{- end -}}
{{- end -}}

{{/* The schema of this side where the plan names none. */}}
{{- define "iflearner.database.name" -}}
{{- .Values.global.database.name | default (ternary "flow_federate" "flow_server" (eq .Values.global.role "federate")) -}}
{{- end -}}

{{- define "iflearner.database.user" -}}
{{- .Values.global.database.user | default "flow" -}}
{{- end -}}

{{/* The Secret that holds the password of the flow account, and the key in it. */}}
{{- define "iflearner.database.secretName" -}}
{{- .Values.global.database.secretName | default "mysql-auth" -}}
{{- end -}}

{{- define "iflearner.database.secretKey" -}}
{{- .Values.global.database.secretKey | default "password" -}}
{{- end -}}

{{/* The two maps of a flow configuration that both services read. A password that the values do not hold is put in at start by
sitecustomize.py. */}}
{{- define "iflearner.flow.configuration" -}}
flask:
  debug: {{ .Values.debug | default false }}
database:
  host: {{ .Values.global.database.host | default "mysql" | quote }}
  port: {{ .Values.global.database.port | default 3306 | int }}
  name: {{ include "iflearner.database.name" . | quote }}
  user: {{ include "iflearner.database.user" . | quote }}
  {{- with .Values.global.database.password }}
  password: {{ toJson . }}
  {{- else }}
  password: "@DATABASE_PASSWORD@"
  {{- end }}
  sqlalchemy_track_modifycations: false
  sqlalchemy_echo: false
  sqlalchemy_pool_size: 10
  sqlalchemy_pool_timeout: 10
  sqlalchemy_pool_overflow: 2
log:
  # All three must exist. Files would rotate at 9.7 GiB: the console is the log.
  flow:
    level: {{ .Values.logLevel | default "INFO" }}
    enable_file: false
    enable_console: true
    log_path: ./log/flow.log
  sockeio:
    level: {{ .Values.logLevel | default "INFO" }}
    enable_file: false
    enable_console: true
    log_path: ./log/socket_io.log
  sqlengine:
    level: WARNING
    enable_file: false
    enable_console: true
    log_path: ./log/sql_engine.log
{{- end -}}

{{/* "true" where sitecustomize.py has something to do. */}}
{{- define "iflearner.flow.customised" -}}
{{- if or (ne (include "iflearner.jobsNamespace" .) "default") (not .Values.global.database.password) -}}
true
{{- end -}}
{{- end -}}

{{/* Python reads sitecustomize.py before the program. */}}
{{- define "iflearner.flow.sitecustomize" -}}
"""Adapts the stock flow images, which cannot be told otherwise.

IFLEARNER_JOBS_NAMESPACE: where IflearnerJobs are made; the images insist on "default".
IFLEARNER_CONFIGURATION, IFLEARNER_PASSWORD_FILE: a configuration without its database password, and the
file that holds it; the whole is written to the path that the program reads.
"""
import importlib.abc
import importlib.machinery
import json
import os
import sys

MODULE = "iflearner_job.iflearner_job"


class Redirection(importlib.abc.MetaPathFinder):
    """Finds the module as usual, and changes its class once it is loaded."""

    def __init__(self, namespace):
        self.namespace = namespace

    def find_spec(self, name, path, target=None):
        if name != MODULE:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            load = spec.loader.exec_module

            def load_and_redirect(module):
                load(module)
                self.redirect(module)

            spec.loader.exec_module = load_and_redirect
        return spec

    def redirect(self, module):
        namespace = self.namespace
        # The constructor assigns "default": a property that ignores assignments wins over it.
        module.IflearnerJob._namespace = property(lambda job: namespace, lambda job, ignored: None)


def complete(source, password_file, target):
    with open(source, encoding="utf-8") as file:
        text = file.read()
    with open(password_file, encoding="utf-8") as file:
        password = file.read().rstrip("\n")
    text = text.replace('"@DATABASE_PASSWORD@"', json.dumps(password, ensure_ascii=False))
    partial = "%s.%d" % (target, os.getpid())
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(partial, target)


jobs_namespace = os.environ.get("IFLEARNER_JOBS_NAMESPACE", "default")
if jobs_namespace != "default":
    sys.meta_path.insert(0, Redirection(jobs_namespace))
if "IFLEARNER_CONFIGURATION" in os.environ:
    complete(
        os.environ["IFLEARNER_CONFIGURATION"],
        os.environ["IFLEARNER_PASSWORD_FILE"],
        os.environ.get("FLOW_SERVER_CONF_PATH") or os.environ["FLOW_FEDERATE_CONF_PATH"],
    )
{{- end -}}

{{/* The environment of a flow container; takes (dict "root" $ "variable" NAME OF THE PATH VARIABLE "file" FILE). */}}
{{- define "iflearner.flow.environment" -}}
- name: PYTHONUNBUFFERED
  value: "1"
- name: PYTHONDONTWRITEBYTECODE
  value: "1"
{{- if .root.Values.global.database.password }}
- name: {{ .variable }}
  value: /etc/iflearner/configuration/{{ .file }}
{{- else }}
- name: {{ .variable }}
  value: /run/iflearner/{{ .file }}
- name: IFLEARNER_CONFIGURATION
  value: /etc/iflearner/configuration/{{ .file }}
- name: IFLEARNER_PASSWORD_FILE
  value: /etc/iflearner/database/{{ include "iflearner.database.secretKey" .root }}
{{- end }}
{{- if include "iflearner.flow.customised" .root }}
- name: IFLEARNER_JOBS_NAMESPACE
  value: {{ include "iflearner.jobsNamespace" .root | quote }}
- name: PYTHONPATH
  value: /etc/iflearner/python:/data/iflearner-flow/python
{{- end }}
{{- with .root.Values.timeZone }}
- name: TZ
  value: {{ . | quote }}
{{- end }}
{{- with .root.Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The mounts of a flow container; takes (dict "root" $ "workingDirectory" FOLDER "python" BOOL). */}}
{{- define "iflearner.flow.volumeMounts" -}}
- name: configuration
  mountPath: /etc/iflearner/configuration
  readOnly: true
{{- if .python }}
- name: python
  mountPath: /etc/iflearner/python
  readOnly: true
{{- end }}
{{- if not .root.Values.global.database.password }}
- name: database
  mountPath: /etc/iflearner/database
  readOnly: true
- name: run
  mountPath: /run/iflearner
{{- end }}
- name: log
  mountPath: {{ .workingDirectory }}/log
- name: tmp
  mountPath: /tmp
{{- end -}}

{{/* The volumes of a flow pod; takes (dict "root" $ "name" NAME "python" BOOL). */}}
{{- define "iflearner.flow.volumes" -}}
- name: configuration
  secret:
    secretName: {{ .name }}
{{- if .python }}
- name: python
  configMap:
    name: {{ .name }}-python
{{- end }}
{{- if not .root.Values.global.database.password }}
- name: database
  secret:
    secretName: {{ include "iflearner.database.secretName" .root }}
    items:
      - key: {{ include "iflearner.database.secretKey" .root }}
        path: {{ include "iflearner.database.secretKey" .root }}
- name: run
  emptyDir:
    medium: Memory
    sizeLimit: 1Mi
{{- end }}
- name: log
  emptyDir:
    sizeLimit: 100Mi
- name: tmp
  emptyDir:
    sizeLimit: 100Mi
{{- end -}}
