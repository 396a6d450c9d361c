{{/* The whole configuration of flow-federate, read once at its start. */}}
{{- define "flow-federate.configuration" -}}
{{ include "iflearner.flow.configuration" . }}
flow:
  federate_server_addr: {{ include "flow-federate.serverAddress" . | quote }}
  # The identity in the federation, and a part of every training pod's name.
  federate_id: {{ include "flow-federate.id" . | quote }}
  federate_name: {{ include "flow-federate.id" . | quote }}
  {{- with .Values.federateHost }}
  # Given to the other parties for secure aggregation.
  federate_host: {{ . | quote }}
  {{- end }}
{{- end -}}

{{/* Where flow-federate finds flow-server. */}}
{{- define "flow-federate.serverAddress" -}}
{{- if include "iflearner.relayed" . -}}
{{- printf "iflearner-relay.%s.svc.%s:1235" .Release.Namespace (.Values.global.clusterDomain | default "cluster.local") -}}
{{- else -}}
{{- .Values.serverAddress -}}
{{- end -}}
{{- end -}}

{{/* The federate id: text, even where it is a number. */}}
{{- define "flow-federate.id" -}}
{{- $id := .Values.global.partyId -}}
{{- if kindIs "float64" $id -}}
{{- $id = int64 $id -}}
{{- end -}}
{{- required "global.partyId is empty: a federate needs an id of at most 10 characters [a-z0-9-]" $id | toString -}}
{{- end -}}

{{/* The liveness probe: the server forgets every federate when it restarts, and a federate registers only at its own start. */}}
{{- define "flow-federate.registered" -}}
"""Fails only where flow-server answers and does not list this federate; a server out of reach is no reason to restart."""
import json
import os
import signal
import sys
import urllib.request

# Of whatever hangs, nothing is learnt.
signal.signal(signal.SIGALRM, lambda number, frame: os._exit(0))
signal.alarm(8)
try:
    url = "http://%s/api/v1/federate?limit=10000" % os.environ["IFLEARNER_SERVER"]
    with urllib.request.urlopen(url, timeout=5) as response:
        answer = json.load(response)
    if answer.get("ret_code") != 0:
        sys.exit(0)
    registered = [str(federate.get("id")) for federate in answer["data"]["federates"]]
except Exception as cause:
    print("flow-server did not answer: %s" % cause)
    sys.exit(0)
if os.environ["IFLEARNER_FEDERATE_ID"] not in registered:
    print("flow-server does not list this federate: it restarts to register again")
    sys.exit(1)
{{- end -}}
