import OTLPWire

/// Values with everything that the wire allows, empty texts and U+0000 included, but no NaN, which equals nothing.
struct RandomValues {
    private var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    mutating func text(atMost length: Int = 40) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz.0123456789_ éß漢😀\u{0}\n\"")
        let count = number(length + 1)
        return String((0..<count).map { _ in alphabet[number(alphabet.count)] })
    }

    mutating func value(depth: Int = 0) -> AttributeValue {
        switch number(depth < 4 ? 10 : 8) {
        case 0: .empty
        case 1: .bool(number(2) == 0)
        case 2: .int(Int64(bitPattern: random.next()))
        case 3: .int(Int64(number(100)))
        case 4: .double(Double(number(1_000_000)) / 7)
        case 5: .bytes((0..<number(20)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        case 6: .string(text(atMost: number(20) == 0 ? 3000 : 40))
        case 7: .string("")
        case 8: .array((0..<number(5)).map { _ in value(depth: depth + 1) })
        default: .map(attributes(atMost: 4, depth: depth + 1))
        }
    }

    mutating func attributes(atMost count: Int, depth: Int = 0) -> [Attribute] {
        (0..<number(count + 1)).map { Attribute(key: "\($0)" + text(), value: value(depth: depth)) }
    }

    mutating func span() -> SpanRecord {
        SpanRecord(
            traceID: traceID(),
            spanID: spanID(),
            parentSpanID: number(2) == 0 ? spanID() : nil,
            traceState: text(),
            flags: UInt32(number(0x400)),
            name: text(),
            kind: SpanRecord.Kind(rawValue: UInt32(number(6))) ?? .internal,
            startTime: random.next(),
            endTime: random.next(),
            attributes: attributes(atMost: number(10) == 0 ? 60 : 10),
            droppedAttributes: UInt32(number(3)),
            events: (0..<number(4)).map { _ in event() },
            droppedEvents: UInt32(number(3)),
            links: (0..<number(4)).map { _ in link() },
            droppedLinks: .max,
            status: status()
        )
    }

    mutating func log() -> LogRecord {
        LogRecord(
            time: random.next(),
            observedTime: random.next(),
            severityNumber: Int32(number(25)),
            severityText: text(),
            body: value(),
            attributes: attributes(atMost: 6),
            droppedAttributes: UInt32(number(3)),
            traceID: number(2) == 0 ? traceID() : nil,
            spanID: number(2) == 0 ? spanID() : nil,
            flags: UInt32(number(4)),
            eventName: text()
        )
    }

    mutating func number(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

    mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: random.next()) }

    private mutating func traceID() -> TraceID { TraceID(high: random.next(), low: random.next() | 1) }

    private mutating func spanID() -> SpanID { SpanID(value: random.next() | 1) }

    private mutating func status() -> SpanRecord.Status {
        switch number(3) {
        case 0: SpanRecord.Status()
        case 1: SpanRecord.Status(code: .ok)
        default: SpanRecord.Status(code: .error, message: text())
        }
    }

    private mutating func event() -> SpanRecord.Event {
        SpanRecord.Event(
            time: random.next(),
            name: text(),
            attributes: attributes(atMost: 4),
            droppedAttributes: UInt32(number(3))
        )
    }

    private mutating func link() -> SpanRecord.Link {
        SpanRecord.Link(
            traceID: traceID(),
            spanID: spanID(),
            traceState: text(),
            attributes: attributes(atMost: 4),
            droppedAttributes: UInt32(number(3)),
            flags: UInt32(number(0x400))
        )
    }
}
