// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension ObjectValidator {
    /// Checks what happens while a container lives: its hooks and probes.
    mutating func checkLifecycle(_ container: Fields, _ path: FieldPath, _ context: PodContext) {
        for hook in ["postStart", "preStop"] where container.lifecycle[hook].exists {
            checkHandler(container.lifecycle[hook], path["lifecycle"][hook], context, allowsSleep: true)
        }
        for name in ["livenessProbe", "readinessProbe", "startupProbe"] where container[name].exists {
            let probe = container[name]
            checkProbe(probe, path[name], context)
            if name == "readinessProbe" {
                if probe.terminationGracePeriodSeconds.exists {
                    add(
                        .invalid(
                            path[name]["terminationGracePeriodSeconds"], probe.terminationGracePeriodSeconds.value,
                            "must not be set for readinessProbes"))
                }
            } else if probe.successThreshold.number != 1 {
                add(.invalid(path[name]["successThreshold"], probe.successThreshold.value ?? 0, "must be 1"))
            }
        }
    }

    private mutating func checkProbe(_ probe: Fields, _ path: FieldPath, _ context: PodContext) {
        checkHandler(probe, path, context, allowsSleep: false)
        for field in ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"]
        {
            checkNonNegative(probe[field], path[field])
        }
        checkPositive(probe.terminationGracePeriodSeconds, path["terminationGracePeriodSeconds"])
    }

    private mutating func checkHandler(
        _ handler: Fields, _ path: FieldPath, _ context: PodContext, allowsSleep: Bool
    ) {
        let kinds = ["exec", "httpGet", "tcpSocket", "grpc"] + (allowsSleep ? ["sleep"] : [])
        let given = kinds.filter { handler[$0].exists }
        guard let first = given.first else { return add(.required(path, "must specify a handler type")) }
        let action = handler[first]
        let actionPath = path[first]
        switch first {
        case "exec":
            if action.command.list.isEmpty { add(.required(actionPath["command"])) }
        case "httpGet":
            if action.path.text.isEmpty { add(.required(actionPath["path"])) }
            checkPortNumberOrName(action.port, actionPath["port"])
            checkChoice(action.scheme, actionPath["scheme"], ["HTTP", "HTTPS"], isRequired: false)
        case "sleep":
            if let grace = context.grace, let seconds = action.seconds.number, seconds < 0 || seconds > grace {
                add(
                    .invalid(
                        actionPath, action.seconds.value,
                        "must be non-negative and less than terminationGracePeriodSeconds (\(grace))"))
            }
        default: checkPortNumberOrName(action.port, actionPath["port"])
        }
        for other in given.dropFirst() { add(.forbidden(path[other], "may not specify more than 1 handler type")) }
    }
}
