/// Why bytes could not be read as OTLP.
package struct OTLPWireError: Error, Sendable, Hashable {
    package enum Code: Sendable, Hashable {
        /// The bytes end within a field, or a length points past their end.
        case truncated
        /// Not the protobuf wire format: a bad tag, an overlong number, a group.
        case malformed
        /// A string that is not UTF-8.
        case invalidUTF8
        /// A trace or span id of the wrong length.
        case invalidID
        /// Messages nested deeper than ``ProtobufReader/maximumDepth``.
        case tooDeep
    }

    package var code: Code
    /// Offset of the field in the bytes handed over.
    package var offset: Int
    /// The message that was being read, by its protobuf name, for example `Span`.
    package var message: String

    package init(code: Code, offset: Int, message: String) {
        self.code = code
        self.offset = offset
        self.message = message
    }
}

extension OTLPWireError: CustomStringConvertible {
    package var description: String {
        let problem =
            switch code {
            case .truncated: "ends too early"
            case .malformed: "is not protobuf"
            case .invalidUTF8: "has a string that is not UTF-8"
            case .invalidID: "has a trace or span id of the wrong length"
            case .tooDeep: "is nested too deeply"
            }
        return "\(message) at byte \(offset) \(problem)"
    }
}
