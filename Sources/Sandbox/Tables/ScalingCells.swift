// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension TableLayout {
    static let podDisruptionBudgets = TableLayout(
        TableColumn.text("Min Available", "Max Unavailable") + TableColumn.numbers("Allowed Disruptions")
    ) { budget, _ in
        [
            limit(budget.spec.minAvailable), limit(budget.spec.maxUnavailable),
            Cells.number(budget.status.disruptionsAllowed),
        ]
    }

    static let horizontalPodAutoscalers = TableLayout(
        TableColumn.text("Reference", "Targets", "MinPods", "MaxPods", "Replicas")
    ) { autoscaler, _ in
        let target = autoscaler.spec.scaleTargetRef
        return [
            .string("\(target.kind.text)/\(target.name.text)"), .string(targets(autoscaler)),
            autoscaler.spec.minReplicas.number.map { .string("\($0)") } ?? Cells.unset,
            Cells.number(autoscaler.spec.maxReplicas), Cells.number(autoscaler.status.currentReplicas),
        ]
    }

    private static func limit(_ field: Fields) -> Value {
        if let number = field.number { return .string("\(number)") }
        return .string(field.nonEmpty ?? "N/A")
    }

    private static func targets(_ autoscaler: Fields) -> String {
        let metrics = autoscaler.spec.metrics.list
        if let percent = autoscaler.spec.targetCPUUtilizationPercentage.number {
            let current = autoscaler.status.currentCPUUtilizationPercentage.number.map { "\($0)%" } ?? "<unknown>"
            return "cpu: \(current)/\(percent)%"
        }
        guard !metrics.isEmpty else { return "<none>" }
        let current = autoscaler.status.currentMetrics.list
        let shown = metrics.prefix(2).enumerated().map { position, metric in
            let source = metric[metric.type.text.prefix(1).lowercased() + metric.type.text.dropFirst()]
            let measured = position < current.count ? current[position].resource.current : Fields(nil)
            let name = source.name.nonEmpty.map { "\($0): " } ?? ""
            if let percent = source.target.averageUtilization.number {
                return "\(name)\(measured.averageUtilization.number.map { "\($0)%" } ?? "<unknown>")/\(percent)%"
            }
            let wanted = source.target.averageValue.nonEmpty ?? source.target["value"].text
            return "\(name)\(measured.averageValue.nonEmpty ?? "<unknown>")/\(wanted)"
        }
        let more = metrics.count > 2 ? " + \(metrics.count - 2) more..." : ""
        return shown.joined(separator: ", ") + more
    }
}
