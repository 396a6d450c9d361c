// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension ObjectValidator {
    mutating func checkContainers(_ containers: Fields, _ path: FieldPath, _ context: PodContext) {
        guard !containers.list.isEmpty else { return add(.required(path)) }
        var names: Set<String> = []
        var hostPorts: Set<String> = []
        for (index, container) in containers.list.enumerated() {
            let path = path[index]
            checkContainer(container, path, context)
            if !names.insert(container.name.text).inserted {
                add(.duplicate(path["name"], .string(container.name.text)))
            }
            checkLifecycle(container, path, context)
            if container.restartPolicy.exists {
                add(.forbidden(path["restartPolicy"], "may not be set for non-init containers"))
            }
        }
        for (index, container) in containers.list.enumerated() {
            checkHostPorts(container, path[index], &hostPorts)
        }
    }

    mutating func checkInitContainers(
        _ containers: Fields, _ regular: Fields, _ path: FieldPath, _ context: PodContext
    ) {
        var names = Set(regular.list.map(\.name.text))
        for (index, container) in containers.list.enumerated() {
            let path = path[index]
            checkContainer(container, path, context)
            if container.restartPolicy.exists {
                checkChoice(container.restartPolicy, path["restartPolicy"], ["Always"])
            }
            if !names.insert(container.name.text).inserted {
                add(.duplicate(path["name"], .string(container.name.text)))
            }
            if container.restartPolicy.text == "Always" {
                checkLifecycle(container, path, context)
            } else {
                for field in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"]
                where container[field].exists {
                    add(.forbidden(path[field], "may not be set for init containers without restartPolicy=Always"))
                }
            }
        }
    }

    private mutating func checkHostPorts(_ container: Fields, _ path: FieldPath, _ used: inout Set<String>) {
        for (index, port) in container.ports.list.enumerated() {
            guard let number = port.hostPort.number, number != 0 else { continue }
            let key = "\(port.protocol.text)/\(port.hostIP.text)/\(number)"
            if !used.insert(key).inserted { add(.duplicate(path["ports"][index]["hostPort"], .string(key))) }
        }
    }

    private mutating func checkContainer(_ container: Fields, _ path: FieldPath, _ context: PodContext) {
        let name = container.name.text
        if name.isEmpty {
            add(.required(path["name"]))
        } else {
            check(NameRules.label(name), path["name"], .string(name))
        }
        if container.image.text.isEmpty {
            add(.required(path["image"]))
        } else if context.isPod, container.image.text.first == " " || container.image.text.last == " " {
            add(.invalid(path["image"], container.image.value, "must not have leading or trailing whitespace"))
        }
        checkChoice(
            container.terminationMessagePolicy, path["terminationMessagePolicy"], ["File", "FallbackToLogsOnError"])
        checkPorts(container.ports, path["ports"], context)
        checkEnvironment(container, path)
        checkMounts(container, path, context)
        checkChoice(container.imagePullPolicy, path["imagePullPolicy"], ["Always", "IfNotPresent", "Never"])
        checkResources(container.resources, path["resources"])
        checkContainerSecurity(container.securityContext, path["securityContext"])
    }

    private mutating func checkPorts(_ ports: Fields, _ path: FieldPath, _ context: PodContext) {
        var names: Set<String> = []
        for (index, port) in ports.list.enumerated() {
            let path = path[index]
            let name = port.name.text
            if !name.isEmpty {
                let problems = NameRules.portName(name)
                check(problems, path["name"], .string(name))
                if problems.isEmpty, !names.insert(name).inserted { add(.duplicate(path["name"], .string(name))) }
            }
            let number = port.containerPort.number ?? 0
            if number == 0 {
                add(.required(path["containerPort"]))
            } else {
                check(NameRules.portNumber(number), path["containerPort"], .int(Int64(number)))
            }
            if let host = port.hostPort.number, host != 0 {
                check(NameRules.portNumber(host), path["hostPort"], .int(Int64(host)))
                if context.hostNetwork, host != number {
                    add(
                        .invalid(
                            path["hostPort"], port.hostPort.value,
                            "must match `containerPort` when `hostNetwork` is true"))
                }
            }
            checkChoice(port.protocol, path["protocol"], ["SCTP", "TCP", "UDP"])
        }
    }

    private mutating func checkEnvironment(_ container: Fields, _ path: FieldPath) {
        for (index, variable) in container.env.list.enumerated() {
            let path = path["env"][index]
            if variable.name.text.isEmpty {
                add(.required(path["name"]))
            } else {
                check(NameRules.environmentVariable(variable.name.text), path["name"], .string(variable.name.text))
            }
            if variable.valueFrom.exists { checkValueSource(variable, path["valueFrom"]) }
        }
        for (index, source) in container.envFrom.list.enumerated() {
            let path = path["envFrom"][index]
            var sources = 0
            for field in ["configMapRef", "secretRef"] where source[field].exists {
                sources += 1
                let name = source[field].name.text
                if name.isEmpty {
                    add(.required(path[field]["name"]))
                } else {
                    check(NameRules.subdomain(name), path[field]["name"], .string(name))
                }
            }
            if sources != 1 {
                let text =
                    sources == 0
                    ? "must specify one of: `configMapRef` or `secretRef`"
                    : "may not have more than one field specified at a time"
                add(.invalid(path, "", text))
            }
        }
    }

    private mutating func checkValueSource(_ variable: Fields, _ path: FieldPath) {
        let source = variable.valueFrom
        let kinds = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef"].filter { source[$0].exists }
        for kind in ["configMapKeyRef", "secretKeyRef"] where source[kind].exists {
            let name = source[kind].name.text
            check(NameRules.subdomain(name), path[kind]["name"], .string(name))
            let key = source[kind]["key"].text
            if key.isEmpty {
                add(.required(path[kind]["key"]))
            } else {
                check(NameRules.configKey(key), path[kind]["key"], .string(key))
            }
        }
        if source.fieldRef.exists { checkFieldReference(source.fieldRef, path["fieldRef"]) }
        if source.resourceFieldRef.exists, source.resourceFieldRef.resource.text.isEmpty {
            add(.required(path["resourceFieldRef"]["resource"]))
        }
        if kinds.isEmpty {
            add(
                .invalid(
                    path, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"
                ))
        } else if !variable["value"].text.isEmpty {
            add(.invalid(path, "", "may not be specified when `value` is not empty"))
        } else if kinds.count > 1 {
            add(.invalid(path, "", "may not have more than one field specified at a time"))
        }
    }

    private mutating func checkFieldReference(_ reference: Fields, _ path: FieldPath) {
        let known = [
            "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
            "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
        ]
        let field = reference.fieldPath.text
        if field.isEmpty {
            add(.required(path["fieldPath"]))
        } else if !known.contains(field), !field.hasPrefix("metadata.annotations['"),
            !field.hasPrefix("metadata.labels['")
        {
            add(
                .invalid(
                    path["fieldPath"], .string(field), "error converting fieldPath: field label not supported: \(field)"
                ))
        }
    }

    private mutating func checkMounts(_ container: Fields, _ path: FieldPath, _ context: PodContext) {
        var paths: Set<String> = []
        for (index, mount) in container.volumeMounts.list.enumerated() {
            let path = path["volumeMounts"][index]
            if mount.name.text.isEmpty { add(.required(path["name"])) }
            if !context.volumes.contains(mount.name.text) { add(.notFound(path["name"], .string(mount.name.text))) }
            if mount.mountPath.text.isEmpty { add(.required(path["mountPath"])) }
            if !paths.insert(mount.mountPath.text).inserted {
                add(.invalid(path["mountPath"], mount.mountPath.value, "must be unique"))
            }
            for field in ["subPath", "subPathExpr"] {
                let text = mount[field].text
                if text.hasPrefix("/") { add(.invalid(path[field], .string(text), "must be a relative path")) }
                if text.split(separator: "/").contains("..") {
                    add(.invalid(path[field], .string(text), "must not contain '..'"))
                }
            }
        }
        for (index, device) in container.volumeDevices.list.enumerated() {
            let path = path["volumeDevices"][index]
            if device.name.text.isEmpty { add(.required(path["name"])) }
            if !context.volumes.contains(device.name.text) { add(.notFound(path["name"], .string(device.name.text))) }
            if device.devicePath.text.isEmpty { add(.required(path["devicePath"])) }
        }
    }

    mutating func checkContainerSecurity(_ security: Fields, _ path: FieldPath) {
        for field in ["runAsUser", "runAsGroup"] {
            guard let id = security[field].number, !(0...Int(Int32.max)).contains(id) else { continue }
            add(
                .invalid(
                    path[field], security[field].value, "must be between 0 and 2147483647, inclusive"))
        }
        checkSeccomp(security.seccompProfile, path["seccompProfile"])
        if security.allowPrivilegeEscalation.value == false {
            if security.privileged.isTrue {
                add(
                    .invalid(
                        path, security.value, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true")
                )
            }
            if security.capabilities.add.list.contains(where: { ["SYS_ADMIN", "CAP_SYS_ADMIN"].contains($0.text) }) {
                add(
                    .invalid(
                        path, security.value,
                        "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"))
            }
        }
    }
}
