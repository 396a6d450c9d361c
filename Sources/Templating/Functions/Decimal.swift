// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A decimal number: `coefficient` times ten to the power of `exponent`.
struct Decimal {
    private var coefficient: Int128
    private var exponent: Int

    enum Operation {
        case add, subtract, multiply, divide

        func binary(_ left: Double, _ right: Double) -> Double {
            switch self {
            case .add: left + right
            case .subtract: left - right
            case .multiply: left * right
            case .divide: left / right
            }
        }
    }

    /// Digits after the point that a quotient has.
    private static let quotientDigits = 16

    /// The shortest decimal that reads as the number.
    init?(_ number: Double) {
        guard number.isFinite else { return nil }
        let (digits, point) = GoFloat.decimal(number)
        guard let magnitude = Int128(digits.text) else { return nil }
        coefficient = number < 0 ? -magnitude : magnitude
        exponent = point - digits.count
    }

    private init(_ coefficient: Int128, _ exponent: Int) {
        self.coefficient = coefficient
        self.exponent = exponent
    }

    var double: Double { GoNumber.parseFloat(Bytes("\(coefficient)e\(exponent)")) ?? 0 }

    /// The exact result; nil when it has too many digits.
    func applying(_ operation: Operation, _ other: Decimal) -> Decimal? {
        switch operation {
        case .add, .subtract:
            let common = min(exponent, other.exponent)
            guard let left = scaled(to: common), let right = other.scaled(to: common) else { return nil }
            let (sum, overflow) =
                operation == .add ? left.addingReportingOverflow(right) : left.subtractingReportingOverflow(right)
            return overflow ? nil : Decimal(sum, common)
        case .multiply:
            let (product, overflow) = coefficient.multipliedReportingOverflow(by: other.coefficient)
            return overflow ? nil : Decimal(product, exponent + other.exponent)
        case .divide: return quotient(other)
        }
    }

    private func quotient(_ other: Decimal) -> Decimal? {
        guard other.coefficient != 0, let numerator = scaled(to: other.exponent - Self.quotientDigits) else {
            return nil
        }
        let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: other.coefficient)
        let isUp = remainder.magnitude >= other.coefficient.magnitude - remainder.magnitude
        let sign: Int128 = (numerator < 0) == (other.coefficient < 0) ? 1 : -1
        return Decimal(isUp ? quotient + sign : quotient, -Self.quotientDigits)
    }

    /// The coefficient of the same number with another exponent, which must not be larger.
    private func scaled(to target: Int) -> Int128? {
        guard exponent >= target, exponent - target < 38 else { return nil }
        var result = coefficient
        for _ in target..<exponent {
            let (product, overflow) = result.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            result = product
        }
        return result
    }
}
