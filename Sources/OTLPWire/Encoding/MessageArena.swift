import COTLP

/// The owner of one tree of C messages: all its structs, pointer lists, strings and bytes.
///
/// Memory comes from a few growing chunks and goes back at once when the arena ends; ``reset()`` keeps the first one for
/// the next tree. Nothing moves meanwhile, so the structs may point at each other.
struct MessageArena: ~Copyable {
    /// Enough for most items; pages that are not touched cost nothing.
    private static let firstChunk = 32 * 1024
    /// Beyond this chunks no longer double.
    private static let largestChunk = 4 * 1024 * 1024
    /// Of every type that goes in, malloc's own guarantee.
    private static let alignment = 16

    private var chunks: [UnsafeMutableRawPointer] = []
    private var next: UnsafeMutableRawPointer
    private var left: Int
    private var chunkSize: Int

    /// What a fresh attribute is copied from, as that is quicker than two calls.
    let emptyAttribute: WireAttribute

    init() {
        chunkSize = Self.firstChunk
        left = chunkSize
        next = .allocate(byteCount: chunkSize, alignment: Self.alignment)
        chunks.append(next)
        var attribute = WireAttribute(keyValue: WireKeyValue(), value: WireAnyValue())
        opentelemetry__proto__common__v1__key_value__init(&attribute.keyValue)
        opentelemetry__proto__common__v1__any_value__init(&attribute.value)
        emptyAttribute = attribute
    }

    deinit {
        for chunk in chunks { chunk.deallocate() }
    }

    /// Forgets the tree; all pointers into it are void.
    mutating func reset() {
        while chunks.count > 1 { chunks.removeLast().deallocate() }
        chunkSize = Self.firstChunk
        left = chunkSize
        next = chunks[0]
    }

    /// The bytes of the message that `build` makes in a fresh arena.
    ///
    /// protobuf-c's `pack` writes without looking at bounds, so the size is asked for first, and the tree is not
    /// touched between the two calls. Traps if the message is larger than 2 GiB, protobuf's own limit, far above the 64
    /// MiB that OTLP lets a request have; the caller's batches see to that.
    static func pack(_ build: (inout MessageArena) -> UnsafeMutablePointer<WireMessage>) -> [UInt8] {
        var arena = MessageArena()
        let message = build(&arena)
        let size = protobuf_c_message_get_packed_size(message)
        precondition(size <= Int(Int32.max), "an OTLP message of \(size) bytes: protobuf ends at 2 GiB")
        guard size > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = protobuf_c_message_pack(message, buffer.baseAddress)
            precondition(count == size, "protobuf-c packed \(count) bytes after announcing \(size)")
        }
    }

    /// Memory, not initialised, for `count` elements.
    mutating func allocate<Element>(_ type: Element.Type, count: Int) -> UnsafeMutablePointer<Element> {
        bytes(count * MemoryLayout<Element>.stride).bindMemory(to: type, capacity: count)
    }

    /// A message in its initial state, which protoc-c's `init` function for it sets.
    mutating func message<Message>(
        _ initialize: (UnsafeMutablePointer<Message>?) -> Void
    ) -> UnsafeMutablePointer<Message> {
        let pointer = allocate(Message.self, count: 1)
        initialize(pointer)
        return pointer
    }

    /// What protobuf-c takes for a repeated message, a list of pointers; nil if there are none.
    mutating func list<Value, Message>(
        _ values: [Value],
        _ convert: (Value, inout MessageArena) -> UnsafeMutablePointer<Message>
    ) -> UnsafeMutablePointer<UnsafeMutablePointer<Message>?>? {
        guard !values.isEmpty else { return nil }
        let list = allocate(UnsafeMutablePointer<Message>?.self, count: values.count)
        values.withUnsafeBufferPointer { source in
            // In place: an iterator would copy each value out, and with it retain all that it holds.
            for index in source.indices {
                (list + index).initialize(to: convert(source[index], &self))
            }
        }
        return list
    }

    /// What protobuf-c takes for a repeated number; nil if there are none.
    mutating func numbers<Number: BitwiseCopyable>(_ values: [Number]) -> UnsafeMutablePointer<Number>? {
        guard !values.isEmpty else { return nil }
        let copy = allocate(Number.self, count: values.count)
        values.withUnsafeBufferPointer { source in
            _ = UnsafeMutableBufferPointer(start: copy, count: source.count).initialize(fromContentsOf: source)
        }
        return copy
    }

    private mutating func bytes(_ count: Int) -> UnsafeMutableRawPointer {
        let rounded = (count + Self.alignment - 1) & ~(Self.alignment - 1)
        if rounded > left { grow(atLeast: rounded) }
        defer {
            next += rounded
            left -= rounded
        }
        return next
    }

    private mutating func grow(atLeast count: Int) {
        chunkSize = min(chunkSize * 2, Self.largestChunk)
        left = max(chunkSize, count)
        next = .allocate(byteCount: left, alignment: Self.alignment)
        chunks.append(next)
    }
}
