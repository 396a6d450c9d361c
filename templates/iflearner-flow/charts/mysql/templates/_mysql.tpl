{{/* "true" where this chart runs the database itself. */}}
{{- define "mysql.runs" -}}
{{- if not .Values.external -}}
true
{{- end -}}
{{- end -}}

{{/* 5.7, 8.0 or 8.4: whose options the server understands. Told by version, else by the image's tag. */}}
{{- define "mysql.family" -}}
{{- $reference := first (splitList "@" .Values.image) -}}
{{- $tag := regexFind ":[^:/]+$" $reference | trimPrefix ":" -}}
{{- if not (kindIs "string" .Values.version) -}}
{{- fail "mysql.version must be a text: write it in quotes, or 8.0 becomes 8" -}}
{{- end -}}
{{- $version := .Values.version | default $tag | trimPrefix "v" -}}
{{- $numbers := regexFind "^[0-9]+(\\.[0-9]+)?" $version -}}
{{- if not $numbers -}}
8.0
{{- else if eq $numbers "5.7" -}}
5.7
{{- else if hasPrefix "5" $numbers -}}
{{- fail (printf "mysql %s is older than the flow services need: 5.7, 8.0 or 8.4" $version) -}}
{{- else if eq $numbers "8" -}}
8.4
{{- else if not (hasPrefix "8." $numbers) -}}
{{- fail (printf "mysql %s has no mysql_native_password, the only login the flow images know: 5.7, 8.0 or 8.4" $version) -}}
{{- else if semverCompare ">=8.4-0" $numbers -}}
8.4
{{- else -}}
8.0
{{- end -}}
{{- end -}}

{{/* The server's options. */}}
{{- define "mysql.configuration" -}}
{{- $family := include "mysql.family" . -}}
[mysqld]
character-set-server=utf8mb4
collation-server=utf8mb4_unicode_ci
skip-name-resolve
host_cache_size=0
max_allowed_packet=64M
{{- if ne $family "5.7" }}
skip-log-bin
{{- end }}
{{- if eq $family "8.0" }}
default_authentication_plugin=mysql_native_password
{{- else if eq $family "8.4" }}
mysql_native_password=ON
{{- end }}
{{- range $key, $value := .Values.config }}
{{ $key }}={{ $value }}
{{- end }}
{{- end -}}

{{/* Sourced by the image's entrypoint, once, when the data folder is new. */}}
{{- define "mysql.accounts" -}}
# The account of the flow services: their driver knows mysql_native_password only.
iflearner_sql() {
  # The entrypoint of 5.7.26 has an array instead of a function.
  if declare -F docker_process_sql >/dev/null; then docker_process_sql; else "${mysql[@]}"; fi
}

iflearner_accounts() {
  local password
  password=$(cat /run/secrets/iflearner/password)
  password=${password//\\/\\\\}
  password=${password//\'/\\\'}
  # In a GRANT an underscore stands for any character.
  local pattern=${IFLEARNER_DATABASE//_/\\_}
  iflearner_sql <<SQL
CREATE DATABASE IF NOT EXISTS \`${IFLEARNER_DATABASE}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE USER IF NOT EXISTS '${IFLEARNER_USER}'@'%' IDENTIFIED WITH mysql_native_password BY '${password}';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON \`${pattern}\`.* TO '${IFLEARNER_USER}'@'%';
SQL
}

iflearner_accounts
{{- end -}}

{{/* Writes one dump and removes the oldest. */}}
{{- define "mysql.backup" -}}
set -euo pipefail
umask 077
target="/backup/${IFLEARNER_DATABASE}-$(date -u +%Y%m%dT%H%M%SZ).sql.gz"
trap 'rm -f "${target}.part"' EXIT
MYSQL_PWD=$(cat /run/secrets/iflearner/password)
export MYSQL_PWD
mysqldump --host="${IFLEARNER_HOST}" --user="${IFLEARNER_USER}" --single-transaction --quick --skip-lock-tables \
  --no-tablespaces --skip-triggers --set-gtid-purged=OFF "${IFLEARNER_DATABASE}" | gzip > "${target}.part"
mv "${target}.part" "${target}"
ls -1t /backup/*.sql.gz | tail -n "+$((IFLEARNER_KEEP + 1))" | xargs -r rm -f --
ls -l /backup
{{- end -}}

{{- define "mysql.secretName" -}}
{{- .Values.existingSecret | default "mysql-auth" -}}
{{- end -}}

{{- define "mysql.claimName" -}}
{{- .Values.existingClaim | default "mysql-data" -}}
{{- end -}}

{{/* The name of an inline volume: it lies outside every namespace. */}}
{{- define "mysql.volumeName" -}}
{{- include "iflearner.outsideName" (dict "root" . "name" "mysql-data") -}}
{{- end -}}

{{/* "true" where an inline hostPath or NFS volume holds the data. */}}
{{- define "mysql.inlineVolume" -}}
{{- if and .Values.global.persistence (not .Values.existingClaim) (or .Values.hostPath .Values.nfs) -}}
true
{{- end -}}
{{- end -}}

{{/* "true" where the image starts as root to take over the folder that a hostPath is: fsGroup does not reach it. */}}
{{- define "mysql.startsAsRoot" -}}
{{- if has (.Values.global.podSecurity | default "baseline") (list "privileged" "baseline") -}}
{{- if and (include "mysql.inlineVolume" .) .Values.hostPath -}}
true
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "mysql.podSecurityContext" -}}
{{- include "iflearner.podSecurityContext" (dict "root" . "user" 999 "always" (not (include "mysql.startsAsRoot" .))) -}}
{{- end -}}

{{/* As root the image's entrypoint gives the folder to mysql and goes on as mysql; as {"add": [...]}. */}}
{{- define "mysql.capabilities" -}}
{{- $add := list -}}
{{- if include "mysql.startsAsRoot" . -}}
{{- $add = list "CHOWN" "DAC_OVERRIDE" "FOWNER" "SETGID" "SETUID" -}}
{{- end -}}
{{- toJson (dict "add" $add) -}}
{{- end -}}

{{/* The pod spec of both backup Jobs. */}}
{{- define "mysql.backupPod" -}}
restartPolicy: Never
serviceAccountName: mysql
automountServiceAccountToken: false
enableServiceLinks: false
{{- with include "iflearner.podSettings" (dict "root" .) | trim }}
{{ . }}
{{- end }}
{{- with include "iflearner.podSecurityContext" (dict "root" . "user" 999 "always" true) }}
{{- . | nindent 0 }}
{{- end }}
containers:
  - name: backup
    image: {{ .Values.image | quote }}
    imagePullPolicy: {{ .Values.global.pullPolicy | default "IfNotPresent" }}
    command: [bash, /etc/iflearner/backup.sh]
    env:
      - name: IFLEARNER_HOST
        value: mysql
      - name: IFLEARNER_DATABASE
        value: {{ include "iflearner.database.name" . | quote }}
      - name: IFLEARNER_USER
        value: {{ include "iflearner.database.user" . | quote }}
      - name: IFLEARNER_KEEP
        value: {{ .Values.backup.keep | int | quote }}
    {{- with include "iflearner.resources" .Values.backup.resources }}
    {{- . | nindent 4 }}
    {{- end }}
    {{- with include "iflearner.containerSecurityContext" (dict "root" .) }}
    {{- . | nindent 4 }}
    {{- end }}
    volumeMounts:
      - name: backup
        mountPath: /backup
      - name: script
        mountPath: /etc/iflearner
        readOnly: true
      - name: auth
        mountPath: /run/secrets/iflearner
        readOnly: true
volumes:
  - name: backup
    persistentVolumeClaim:
      claimName: {{ .Values.backup.existingClaim | default "mysql-backup" }}
  - name: script
    configMap:
      name: mysql
      items:
        - key: backup.sh
          path: backup.sh
  - name: auth
    secret:
      secretName: {{ include "mysql.secretName" . }}
      items:
        - key: password
          path: password
{{- end -}}
