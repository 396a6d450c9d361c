// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import CYAML

/// What libyaml reports, one step of the text at a time.
enum YAMLEvent {
    case streamStart
    case streamEnd
    case documentStart
    case documentEnd
    case alias(String)
    case scalar(YAMLScalar, tag: String?, anchor: String?)
    case sequenceStart(tag: String?, anchor: String?)
    case mappingStart(tag: String?, anchor: String?)
    case containerEnd
}

/// Reads the events of a YAML text through libyaml.
///
/// `input` are the bytes of `source`, and must stay where they are for as long as the reader lives. The parser has its own
/// allocation, because libyaml keeps a pointer to the parser inside the parser.
struct EventReader: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let source: SourceText

    init(_ input: UnsafeBufferPointer<UInt8>, of source: SourceText) throws(YAMLError) {
        parser = .allocate(capacity: 1)
        self.source = source
        guard yaml_parser_initialize(parser) == 1 else {
            // libyaml leaves a zeroed parser behind, so that deinit is safe.
            throw source.error(.syntax, "out of memory")
        }
        // Never guessed: a UTF-16 byte order mark is refused beforehand, with a message that says so.
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    /// The next event and where it starts.
    mutating func next() throws(YAMLError) -> (event: YAMLEvent, mark: YAMLMark) {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { yaml_event_delete(&event) }
        return (Self.convert(event), YAMLMark(event.start_mark))
    }

    private static func convert(_ event: yaml_event_t) -> YAMLEvent {
        switch event.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let text = String(
                decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            // `! 12` counts as plain: libyaml says so, and Go's resolver follows it.
            let style: YAMLScalar.Style =
                if scalar.plain_implicit == 1 {
                    .plain
                } else {
                    switch scalar.style {
                    case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
                    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
                    case YAML_LITERAL_SCALAR_STYLE: .literal
                    case YAML_FOLDED_SCALAR_STYLE: .folded
                    default: .plain
                    }
                }
            let tag = scalar.plain_implicit == 1 ? nil : string(scalar.tag)
            return .scalar(YAMLScalar(text, style: style), tag: tag, anchor: string(scalar.anchor))
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            return .mappingStart(tag: string(start.tag), anchor: string(start.anchor))
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            return .sequenceStart(tag: string(start.tag), anchor: string(start.anchor))
        case YAML_MAPPING_END_EVENT, YAML_SEQUENCE_END_EVENT: return .containerEnd
        case YAML_ALIAS_EVENT: return .alias(string(event.data.alias.anchor) ?? "")
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_STREAM_START_EVENT: return .streamStart
        default: return .streamEnd
        }
    }

    private static func string(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        text.map { String(cString: $0) }
    }

    private func failure() -> YAMLError {
        let state = parser.pointee
        guard let text = state.problem else { return source.error(.syntax, "out of memory") }
        let problem = String(cString: text)
        guard state.error != YAML_READER_ERROR else {
            return source.error(.encoding, problem, at: source.mark(ofByte: state.problem_offset))
        }
        let mark = YAMLMark(state.problem_mark)
        // Go's yaml counts the lines of a scanner's error from 1 and those of a parser's from 0: Helm's texts keep it.
        let goLine = mark.line - (state.error == YAML_SCANNER_ERROR ? 0 : 1)
        let explanation = SyntaxExplanation(
            problem: problem, context: state.context.map { String(cString: $0) }, character: source.character(at: mark))
        let start = YAMLMark(state.context_mark)
        return source.error(
            .syntax, explanation.message, at: mark, hint: explanation.hint,
            notes: explanation.note.map { start == mark ? [] : [($0, start)] } ?? [],
            go: (mark.line > 1 ? "line \(goLine): " : "") + problem)
    }
}

extension YAMLMark {
    // libyaml counts code points, from 0.
    init(_ mark: yaml_mark_t) {
        self.init(line: mark.line + 1, column: mark.column + 1)
    }
}
