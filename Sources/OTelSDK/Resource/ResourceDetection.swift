import OTLPWire
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Finds out who and where this process is, with a few system calls and small files; what cannot be found is left out.
///
/// Attributes: semantic conventions, docs/resource/{README,container,host,os,process,service}.md. What the user gave wins
/// over what is detected; the name of the SDK is never the user's (specification/resource/sdk.md, Merge). The arguments
/// of the command are left out, as they may hold secrets.
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
        var values: [String: AttributeValue] = [
            "process.pid": .int(Int64(getpid())), "process.parent_pid": .int(Int64(getppid())),
        ]
        func set(_ key: String, _ value: String?) {
            if let value, !value.isEmpty { values[key] = .string(value) }
        }
        let system = systemNames()
        set("host.name", system["node"])
        set("host.arch", system["machine"].map(architecture))
        set("host.id", ProcessFiles.text("/etc/machine-id") ?? ProcessFiles.text("/var/lib/dbus/machine-id"))
        set("os.type", "linux")
        set("os.version", system["release"])
        let release = ProcessFiles.text("/etc/os-release") ?? ""
        set("os.name", ProcessFiles.release("NAME", in: release))
        set("os.description", ProcessFiles.release("PRETTY_NAME", in: release))
        let groups = ProcessFiles.text("/proc/self/cgroup") ?? ""
        set(
            "container.id",
            ProcessFiles.containerID(groups: groups) { ProcessFiles.text("/proc/self/mountinfo", atMost: 1 << 16) }
        )
        let executable = executablePath()
        set("process.executable.path", executable?.string)
        set("process.executable.name", executable?.lastComponent?.string)
        set("process.command", CommandLine.arguments.first)
        set("process.creation.time", creationTime())
        set("process.runtime.name", "swift")
        set("process.runtime.version", runtimeVersion)
        return values
    }

    /// From the ticks since the machine's start, which two clocks place in time; /proc/stat, which has it too, is slow.
    private static func creationTime() -> String? {
        guard let ticks = ProcessFiles.text("/proc/self/stat").flatMap(ProcessFiles.startTicks) else { return nil }
        let perSecond = UInt64(clamping: sysconf(Int32(_SC_CLK_TCK)))
        guard perSecond > 0 else { return nil }
        let started = nanoseconds(CLOCK_REALTIME) - nanoseconds(CLOCK_BOOTTIME)
        let afterStart = Int64(ticks / perSecond) * 1_000_000_000 + Int64(ticks % perSecond * 1_000_000_000 / perSecond)
        return ProcessFiles.timestamp(nanosecondsSince1970: UInt64(clamping: started + afterStart))
    }

    private static func nanoseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        _ = unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
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
