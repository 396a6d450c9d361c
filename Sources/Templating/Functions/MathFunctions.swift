// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// sprig's arithmetic: everything is read as int64, or as float64 for the functions that end in f.
enum MathFunctions {
    static let all: [Function] = [
        Function("add", [], variadic: .interface) { _, values in
            .int64(values.reduce(0) { $0 &+ $1.castToInt64 })
        },
        Function("add1", [.interface]) { _, values in .int64(values[0].castToInt64 &+ 1) },
        Function("sub", [.interface, .interface]) { _, values in
            .int64(values[0].castToInt64 &- values[1].castToInt64)
        },
        Function("mul", [.interface], variadic: .interface) { _, values in
            .int64(values.reduce(1) { $0 &* $1.castToInt64 })
        },
        Function("div", [.interface, .interface]) { _, values in
            .int64(try divided(values) { $0.dividedReportingOverflow(by: $1).partialValue })
        },
        Function("mod", [.interface, .interface]) { _, values in
            .int64(try divided(values) { $0.remainderReportingOverflow(dividingBy: $1).partialValue })
        },
        Function("max", [.interface], variadic: .interface) { _, values in
            .int64(values.map(\.castToInt64).max() ?? 0)
        },
        Function("biggest", [.interface], variadic: .interface) { _, values in
            .int64(values.map(\.castToInt64).max() ?? 0)
        },
        Function("min", [.interface], variadic: .interface) { _, values in
            .int64(values.map(\.castToInt64).min() ?? 0)
        },
        Function("maxf", [.interface], variadic: .interface) { _, values in
            .float64(values.map(\.castToFloat).max() ?? 0)
        },
        Function("minf", [.interface], variadic: .interface) { _, values in
            .float64(values.map(\.castToFloat).min() ?? 0)
        },
        Function("addf", [], variadic: .interface) { _, values in decimal(values, from: 0, .add) },
        Function("add1f", [.interface]) { _, values in decimal([.float64(1)] + values, from: 0, .add) },
        Function("subf", [.interface], variadic: .interface) { _, values in
            decimal(Array(values.dropFirst()), from: values[0].castToFloat, .subtract)
        },
        Function("mulf", [.interface], variadic: .interface) { _, values in
            decimal(Array(values.dropFirst()), from: values[0].castToFloat, .multiply)
        },
        Function("divf", [.interface], variadic: .interface) { _, values in
            if values.dropFirst().contains(where: { $0.castToFloat == 0 }) {
                throw GoError("decimal division by 0")
            }
            return decimal(Array(values.dropFirst()), from: values[0].castToFloat, .divide)
        },
        Function("floor", [.interface]) { _, values in .float64(Glibc.floor(values[0].castToFloat)) },
        Function("ceil", [.interface]) { _, values in .float64(Glibc.ceil(values[0].castToFloat)) },
        Function("round", [.interface, .int], variadic: .float64) { _, values in rounded(values) },
    ]

    private static func divided(_ values: [GoValue], _ operation: (Int64, Int64) -> Int64) throws -> Int64 {
        guard values[1].castToInt64 != 0 else { throw GoError("runtime error: integer divide by zero") }
        return operation(values[0].castToInt64, values[1].castToInt64)
    }

    /// Decimal arithmetic as people write it: 0.1 + 0.2 is 0.3.
    ///
    /// What is too long for exact decimals is calculated in binary.
    private static func decimal(
        _ values: [GoValue], from start: Double, _ operation: Decimal.Operation
    ) -> GoValue {
        .float64(
            values.reduce(start) { result, value in
                let (left, right) = (result, value.castToFloat)
                guard let first = Decimal(left), let second = Decimal(right),
                    let exact = first.applying(operation, second)
                else { return operation.binary(left, right) }
                return exact.double
            })
    }

    private static func rounded(_ values: [GoValue]) -> GoValue {
        let half = values.count > 2 ? values[2].castToFloat : 0.5
        let scale = pow(10, Double(values.int(1)))
        let scaled = scale * values[0].castToFloat
        let (whole, fraction) = (scaled.rounded(.towardZero), scaled - scaled.rounded(.towardZero))
        let result =
            scaled >= 0
            ? (fraction >= half ? Glibc.ceil(scaled) : Glibc.floor(scaled))
            : (-fraction >= half ? Glibc.floor(scaled) : Glibc.ceil(scaled))
        return .float64(whole.isFinite ? result / scale : values[0].castToFloat)
    }
}
