// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Terminal
import Testing

@Suite struct TerminalTests {
    @Test(arguments: [
        (0, "0s"), (119, "119s"), (120, "2m"), (192, "3m12s"), (599, "9m59s"), (600, "10m"), (10799, "179m"),
        (10800, "3h"), (14700, "4h5m"), (28800, "8h"), (172799, "47h"), (172800, "2d"), (183600, "2d3h"),
        (691200, "8d"), (63_072_000, "2y"), (66_096_000, "2y35d"), (-5, "0s"),
    ]) func `an age reads like kubectl's`(seconds: Int, expected: String) {
        #expect(Duration.seconds(seconds).age == expected)
    }

    @Test(arguments: [
        (Duration.milliseconds(400), "0.4s"), (.seconds(9), "9s"), (.seconds(100), "1m40s"),
        (.seconds(3725), "1h02m05s"),
    ])
    func `a duration reads like a stopwatch`(duration: Duration, expected: String) {
        #expect(duration.elapsed == expected)
    }

    @Test func `a table lines up and has no trailing blanks`() {
        let table = TextTable(["NAME", "STATUS"], [["a-long-name", "Running"], ["b", ""]])
        #expect(table.lines == ["NAME          STATUS", "a-long-name   Running", "b"])
    }

    @Test(arguments: [
        ("party-a", 7), ("医院甲", 6), ("한글", 4), ("ｆｕｌｌ", 8), ("e\u{301}", 1), ("é", 1), ("👍🏽", 2), ("⚙\u{FE0F}", 2),
        ("a\u{200D}b", 2), ("…", 1), ("", 0),
    ])
    func `wide characters take two columns, and marks none`(text: String, columns: Int) {
        #expect(text.columns == columns)
    }

    @Test func `a table and a live region count columns, not characters`() {
        let table = TextTable(["PARTY", "EPOCH"], [["医院甲", "3"], ["b", "4"]])
        #expect(table.lines == ["PARTY    EPOCH", "医院甲   3", "b        4"])
        var region = LiveRegion()
        // A wide character that would stand half outside is left out, and so is what follows it.
        #expect(region.redraw(["0123456789医x"], width: 12, height: 24) == "\r\u{1B}[2K0123456789\n")
    }

    @Test func `text from a cluster cannot drive the terminal`() {
        #expect(escapedForTerminal("a\u{1B}[2Jb\n\u{9B}\u{202E}c") == "a\\u{1b}[2Jb\\n\\u{9b}\\u{202e}c")
        #expect(escapedTextForTerminal("a\n\tb\r") == "a\n\tb\\r")
        #expect(TextTable(["A"], [["x\u{7}"]]).lines[1] == "x\\u{7}")
    }

    @Test func `a redraw sends only the lines that changed`() {
        var region = LiveRegion()
        #expect(region.redraw(["one", "two"], width: 80, height: 24) == "\r\u{1B}[2Kone\n\r\u{1B}[2Ktwo\n")
        #expect(region.redraw(["one", "2"], width: 80, height: 24) == "\u{1B}[2A\n\r\u{1B}[2K2\n")
        #expect(region.redraw(["one"], width: 80, height: 24) == "\u{1B}[2A\n\u{1B}[2K\n\u{1B}[1A")
    }

    @Test func `a line that is too wide is cut, colours not counted`() {
        var region = LiveRegion()
        let red = Style.bad.applied(to: "0123456789abcdef", enabled: true)
        #expect(region.redraw([red], width: 12, height: 24) == "\r\u{1B}[2K\u{1B}[31m0123456789a\u{1B}[0m\n")
        #expect(Style.bad.applied(to: "x", enabled: false) == "x")
    }

    @Test func `a region higher than the window says how much is left out`() {
        var region = LiveRegion()
        let output = region.redraw((1...10).map(String.init), width: 80, height: 4)
        #expect(output.contains("… 8 more"))
        #expect(output.filter { $0 == "\n" }.count == 3)
    }
}
