import OTLPWire
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Finds out who and where this process is, with a few system calls and small files; what cannot be found is left out.
///
/// Attributes: semantic conventions, docs/resource/{README,host,os,process,service}.md.
enum ResourceDetection {
    static func resource(for configuration: OTelConfiguration, random: RandomSource) -> Resource {
        var values = detected()
        values.merge(configuration.resourceAttributes.mapValues { .string($0) }) { _, given in given }
        let executable = executablePath().flatMap(\.lastComponent?.string) ?? "swift"
        let service = [
            "service.name": configuration.serviceName ?? configuration.resourceAttributes["service.name"]
                ?? "unknown_service:\(executable)",
            "service.version": configuration.serviceVersion,
            "service.instance.id": configuration.serviceInstanceID
                ?? configuration.resourceAttributes["service.instance.id"] ?? randomUUID(random),
        ]
        for (key, value) in service {
            if let value { values[key] = .string(value) }
        }
        values["telemetry.sdk.name"] = .string(SDKVersion.name)
        values["telemetry.sdk.language"] = .string("swift")
        values["telemetry.sdk.version"] = .string(SDKVersion.version)
        let attributes = values.sorted { $0.key < $1.key }.map { Attribute(key: $0.key, value: $0.value) }
        return Resource(attributes: attributes, schemaURL: SDKVersion.schemaURL)
    }

    private static func detected() -> [String: AttributeValue] {
        var values: [String: AttributeValue] = ["process.pid": .int(Int64(getpid()))]
        func set(_ key: String, _ value: String?) {
            if let value, !value.isEmpty { values[key] = .string(value) }
        }
        let system = systemNames()
        set("host.name", system["node"])
        set("host.arch", system["machine"].map(architecture))
        set("host.id", smallFile("/etc/machine-id") ?? smallFile("/var/lib/dbus/machine-id"))
        set("os.type", "linux")
        set("os.version", system["release"])
        set("os.description", osDescription())
        let executable = executablePath()
        set("process.executable.path", executable?.string)
        set("process.executable.name", executable?.lastComponent?.string)
        set("process.runtime.name", "swift")
        set("process.runtime.version", runtimeVersion)
        return values
    }

    /// The names of semconv's `host.arch`.
    private static func architecture(_ machine: String) -> String {
        switch machine {
        case "x86_64": "amd64"
        case "aarch64": "arm64"
        case "i386", "i486", "i586", "i686": "x86"
        default: machine
        }
    }

    private static var runtimeVersion: String {
        #if compiler(>=6.4)
        "6.4"
        #elseif compiler(>=6.3)
        "6.3"
        #else
        "6.2"
        #endif
    }

    private static func systemNames() -> [String: String] {
        var names = utsname()
        guard unsafe uname(&names) == 0 else { return [:] }
        return [
            "node": text(of: names.nodename),
            "machine": text(of: names.machine),
            "release": text(of: names.release),
        ]
    }

    /// C's fixed-size character arrays are tuples in Swift.
    private static func text<Tuple>(of tuple: Tuple) -> String {
        unsafe withUnsafeBytes(of: tuple) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    private static func executablePath() -> FilePath? {
        let path = unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
            count = unsafe buffer.withMemoryRebound(to: CChar.self) { characters in
                guard let start = characters.baseAddress else { return 0 }
                return max(0, unsafe readlink("/proc/self/exe", start, characters.count))
            }
        }
        return path.isEmpty ? nil : FilePath(String(decoding: path, as: UTF8.self))
    }

    private static func osDescription() -> String? {
        let lines = smallFile("/etc/os-release")?.split(separator: "\n") ?? []
        let line = lines.first { $0.hasPrefix("PRETTY_NAME=") }
        return line.map { String($0.dropFirst("PRETTY_NAME=".count)).trimmingQuotes }
    }

    /// At most 4 KiB, without blanks at the ends.
    private static func smallFile(_ path: String) -> String? {
        guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec]) else {
            return nil
        }
        defer { try? file.close() }
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
            count = (try? unsafe file.read(into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
        }
        var text = String(decoding: bytes, as: UTF8.self)
        while text.hasSuffix("\n") { text.removeLast() }
        return text.isEmpty ? nil : text
    }

    /// A version 4 UUID (RFC 9562).
    static func randomUUID(_ random: RandomSource) -> String {
        let high = random.next() & ~0xF000 | 0x4000
        let low = random.next() & ~(0b11 << 62) | (0b10 << 62)
        let hex = TraceID(high: high, low: low).hex
        var result = ""
        for (index, digit) in hex.enumerated() {
            if [8, 12, 16, 20].contains(index) { result.append("-") }
            result.append(digit)
        }
        return result
    }
}

extension String {
    fileprivate var trimmingQuotes: String {
        count >= 2 && hasPrefix("\"") && hasSuffix("\"") ? String(dropFirst().dropLast()) : self
    }
}
