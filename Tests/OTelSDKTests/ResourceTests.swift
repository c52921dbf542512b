import OTLPWire
import Testing

@testable import OTelSDK

#if canImport(Glibc)
import Glibc
#endif

@Suite("The resource describes the process")
struct ResourceTests {
    private func values(_ configuration: OTelConfiguration = OTelConfiguration()) -> [String: AttributeValue] {
        let resource = ResourceDetection.resource(for: configuration, random: .system())
        return Dictionary(uniqueKeysWithValues: resource.attributes.map { ($0.key, $0.value) })
    }

    @Test("The resource says who and where")
    func resource() async throws {
        var configuration = OTelConfiguration()
        configuration.resourceAttributes = ["team": "t", "host.name": "mine"]
        configuration.serviceVersion = "1.0"
        let resource = ResourceDetection.resource(for: configuration, random: .system())
        let values = Dictionary(uniqueKeysWithValues: resource.attributes.map { ($0.key, $0.value) })
        #expect(values["telemetry.sdk.name"] == .string("orchestrator-otel"))
        #expect(values["telemetry.sdk.language"] == .string("swift"))
        #expect(values["os.type"] == .string("linux"))
        #expect(values["team"] == .string("t") && values["host.name"] == .string("mine"))
        #expect(values["service.version"] == .string("1.0"))
        guard case .string(let name) = values["service.name"], case .string(let id) = values["service.instance.id"],
            case .int(let pid) = values["process.pid"]
        else {
            Issue.record("missing attributes")
            return
        }
        #expect(name.hasPrefix("unknown_service:") && name.count > "unknown_service:".count)
        #expect(pid > 0)
        let parts = id.split(separator: "-")
        #expect(parts.map(\.count) == [8, 4, 4, 4, 12])
        #expect(parts[2].hasPrefix("4") && "89ab".contains(parts[3].prefix(1)))
    }

    @Test("What the user gave wins over what is detected, and nobody takes the name of another SDK")
    func precedence() {
        var configuration = OTelConfiguration()
        configuration.serviceName = "own"
        configuration.resourceAttributes = [
            "service.name": "other", "telemetry.sdk.name": "opentelemetry", "process.pid": "7",
            "service.instance.id": "i",
        ]
        let values = values(configuration)
        #expect(values["service.name"] == .string("own") && values["service.instance.id"] == .string("i"))
        #expect(values["telemetry.sdk.name"] == .string("orchestrator-otel"))
        #expect(values["process.pid"] == .string("7"))
    }

    @Test("The process says when it was made, to the hundredth of a second")
    func creationTime() throws {
        guard case .string(let text) = values()["process.creation.time"] else {
            Issue.record("no creation time")
            return
        }
        var now = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &now)
        let latest = ProcessFiles.timestamp(nanosecondsSince1970: UInt64(now.tv_sec + 1) * 1_000_000_000)
        #expect(text.count == 24 && text < latest)
        #expect(text > ProcessFiles.timestamp(nanosecondsSince1970: UInt64(now.tv_sec - 86_400) * 1_000_000_000))
    }

    @Test(
        "A time is written as RFC 3339",
        arguments: [
            (UInt64(0), "1970-01-01T00:00:00.000Z"), (951_782_400_123_456_789, "2000-02-29T00:00:00.123Z"),
            (1_700_000_000_999_999_999, "2023-11-14T22:13:20.999Z"),
            (4_107_542_399_000_000_000, "2100-02-28T23:59:59.000Z"),
            (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000Z"),
        ]
    )
    func timestamps(time: UInt64, expected: String) {
        #expect(ProcessFiles.timestamp(nanosecondsSince1970: time) == expected)
    }

    @Test("The start of a process is found behind a name that holds anything")
    func startTicks() {
        let rest = (3...52).map { "\($0)" }.joined(separator: " ")
        #expect(ProcessFiles.startTicks(stat: "12 (a) b (c)) " + rest) == 22)
        #expect(ProcessFiles.startTicks(stat: "12 (a) S 1") == nil)
        #expect(ProcessFiles.startTicks(stat: "") == nil)
    }

    @Test("A container's id is found in its control group, or else in what is mounted")
    func containerID() {
        let id = String(repeating: "0123456789abcdef", count: 4)
        let mount = "1 2 8:1 /var/lib/docker/containers/\(id)/hostname /etc/hostname rw - ext4 /dev/sda1 rw"
        let other = "1 2 8:1 /layers/\(String(id.reversed()))/x /etc/other rw - ext4 /dev/sda1 rw"
        func find(_ groups: String, _ mounts: String?) -> String? {
            ProcessFiles.containerID(groups: groups) { mounts }
        }
        #expect(find("5:cpu:/docker/\(id)\n", nil) == id)
        #expect(find("0::/system.slice/docker-\(id).scope", nil) == id)
        #expect(find("0::/kubepods/besteffort/pod1/cri-containerd-\(id).scope", nil) == id)
        #expect(find("0::/", other + "\n" + mount) == id)
        #expect(find("0::/", other) == nil && find("0::/", nil) == nil)
        #expect(find("0::/user.slice/session-1.scope", mount) == nil)
        #expect(find("0::/docker/\(id)0", nil) == nil)
    }

    @Test("The system's name is read without its quotes")
    func release() {
        let text = "PRETTY_NAME=\"Debian GNU/Linux 12\"\nNAME='Debian'\nID=debian\nEMPTY=\"\""
        #expect(ProcessFiles.release("NAME", in: text) == "Debian")
        #expect(ProcessFiles.release("PRETTY_NAME", in: text) == "Debian GNU/Linux 12")
        #expect(ProcessFiles.release("ID", in: text) == "debian")
        #expect(ProcessFiles.release("VERSION", in: text) == nil)
    }
}
