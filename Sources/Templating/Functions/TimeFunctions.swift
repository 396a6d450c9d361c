// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// sprig's functions on dates.
enum TimeFunctions {
    static let all: [Function] =
        [
            Function("now", []) { evaluator, _ in
                .object(TimeObject(evaluator.currentTime.local, isMonotonic: true))
            },
            Function("date", [.string, .interface]) { evaluator, values in
                .text(GoTimeLayout.format(evaluator.time(values[1]).local, values.text(0).text))
            },
            Function("htmlDate", [.interface]) { evaluator, values in
                .text(GoTimeLayout.format(evaluator.time(values[0]).local, "2006-01-02"))
            },
            Function("htmlDateInZone", [.interface, .string]) { evaluator, values in
                let time = evaluator.time(values[0]).inZone(values.text(1).text)
                return .text(GoTimeLayout.format(time, "2006-01-02"))
            },
            Function("unixEpoch", [TimeObject.goType]) { evaluator, values in
                .text(String(evaluator.time(values[0]).seconds))
            },
            Function("ago", [.interface]) { evaluator, values in
                let (now, time) = (evaluator.currentTime, evaluator.time(values[0]))
                let seconds = now.seconds - time.seconds
                return .text(GoDuration(nanoseconds: seconds &* 1_000_000_000).description)
            },
            Function("duration", [.interface]) { _, values in
                .text(GoDuration(nanoseconds: seconds(values[0]) &* 1_000_000_000).description)
            },
            Function("durationRound", [.interface]) { evaluator, values in
                .text(duration(values[0], evaluator).rounded)
            },
            Function("toDate", [.string, .string]) { _, values in
                .object(TimeObject(GoTimeLayout.parse(values.text(1), values.text(0)) ?? .zero))
            },
            Function("mustToDate", [.string, .string]) { _, values in
                guard let time = GoTimeLayout.parse(values.text(1), values.text(0)) else {
                    let (text, layout) = (GoQuote.quote(values.text(1)).text, GoQuote.quote(values.text(0)).text)
                    throw GoError("parsing time \(text) as \(layout): cannot parse")
                }
                return .object(TimeObject(time))
            },
        ]
        + ["dateInZone", "date_in_zone"].map { name in
            Function(name, [.string, .interface, .string]) { evaluator, values in
                let time = evaluator.time(values[1]).inZone(values.text(2).text)
                return .text(GoTimeLayout.format(time, values.text(0).text))
            }
        }
        + ["dateModify", "date_modify"].map { name in
            Function(name, [.string, TimeObject.goType]) { evaluator, values in
                let time = evaluator.time(values[1])
                return .object(TimeObject(GoDuration(values.text(0)).map(time.adding) ?? time))
            }
        }
        + ["mustDateModify", "must_date_modify"].map { name in
            Function(name, [.string, TimeObject.goType]) { evaluator, values in
                guard let duration = GoDuration(values.text(0)) else {
                    throw GoError("time: invalid duration \(GoQuote.quote(values.text(0)).text)")
                }
                return .object(TimeObject(evaluator.time(values[1]).adding(duration)))
            }
        }

    /// What `duration` counts: the seconds of a text or an int64; other numbers are none.
    private static func seconds(_ value: GoValue) -> Int64 {
        switch value {
        case .string(let text): GoNumber.parseInt(text, base: 10) ?? 0
        case .int64(let number): number
        default: 0
        }
    }

    private static func duration(_ value: GoValue, _ evaluator: Evaluator) -> GoDuration {
        switch value {
        case .string(let text): GoDuration(text) ?? GoDuration(nanoseconds: 0)
        case .int64(let number): GoDuration(nanoseconds: number)
        case .object:
            GoDuration(
                nanoseconds: (evaluator.currentTime.seconds - evaluator.time(value).seconds) &* 1_000_000_000)
        default: GoDuration(nanoseconds: 0)
        }
    }
}

extension Evaluator {
    /// What the environment calls now.
    var currentTime: GoTime {
        let now = environment.now()
        let seconds = GoTime.floorDivide(now, 1_000_000_000)
        return GoTime(seconds: seconds, nanoseconds: Int(now - seconds * 1_000_000_000))
    }

    /// The time a value stands for: integers are seconds since 1970, anything else is now.
    fileprivate func time(_ value: GoValue) -> GoTime {
        switch value {
        case .object(let object): (object as? TimeObject)?.time ?? currentTime
        case .int(let seconds): GoTime(seconds: Int64(seconds))
        case .int64(let seconds): GoTime(seconds: seconds)
        default: currentTime
        }
    }
}
