/// Bytes on their way to a stream: frame headers and other small things copied together, payloads shared.
struct OutputQueue {
    /// Up to this size a payload is cheaper to copy than to hand over apart.
    private static let copyLimit = 1_024

    private var slices: [ArraySlice<UInt8>] = []
    /// What comes after `slices`.
    private var gathered: [UInt8] = []

    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    mutating func append(copying bytes: UnsafeBufferPointer<UInt8>) {
        gathered.append(contentsOf: bytes)
        count += bytes.count
    }

    mutating func append(_ bytes: ArraySlice<UInt8>) {
        count += bytes.count
        guard bytes.count > Self.copyLimit else {
            gathered.append(contentsOf: bytes)
            return
        }
        seal()
        slices.append(bytes)
    }

    private mutating func seal() {
        guard !gathered.isEmpty else { return }
        slices.append(gathered[...])
        gathered = []
    }

    /// Hands over as much as `stream` takes.
    mutating func write(to stream: any ByteStream) -> Transfer {
        seal()
        let transfer = stream.write(slices)
        if case .bytes(let taken) = transfer { removeFirst(taken) }
        return transfer
    }

    private mutating func removeFirst(_ taken: Int) {
        count -= taken
        var rest = taken
        let whole = slices.prefix { slice in
            guard slice.count <= rest else { return false }
            rest -= slice.count
            return true
        }
        slices.removeFirst(whole.count)
        if rest > 0 { slices[0].removeFirst(rest) }
    }
}
