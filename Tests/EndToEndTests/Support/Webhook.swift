import Foundation

/// A webhook that is not ours (Tests/Support/webhook_receiver.py), and what was posted to it.
struct Webhook: Sendable {
    /// What must never be told.
    static let secret = "hush-hush-4711"

    private let server: Server
    private let store: String

    /// Starts one that answers in one of its modes.
    init(_ mode: String, in place: Place) async throws {
        store = place.directory + "/posts-\(UUID().uuidString).jsonl"
        try Data().write(to: URL(filePath: store))
        server = try await Server("webhook_receiver.py", ["--store", store, "--mode", mode], files: place.directory)
    }

    /// Its address, with the secret as a password, in the path, and in the query.
    var url: String { Self.url(port: server.port) }

    /// The requests that arrived, with `method`, `path`, `headers` and `body`.
    var posts: [JSON] {
        get throws { try Data(contentsOf: URL(filePath: store)).split(separator: 0x0A).map { try JSON($0) } }
    }

    /// The address of one at a port.
    static func url(port: some BinaryInteger) -> String {
        "http://user:\(secret)@127.0.0.1:\(port)/\(secret)?token=\(secret)&a=[1-3]{b,c}"
    }
}

/// What a command hook of the tests left behind.
struct HookTrace: Sendable {
    private let place: Place

    /// A command that writes down what it is given.
    static let command = "cat >hook.json; env >hook.env; echo told; echo done >&2"

    init(in place: Place) { self.place = place }

    /// What it got on standard input.
    var input: Data { get throws { try Data(contentsOf: URL(filePath: place.directory + "/hook.json")) } }

    /// A variable that it was given.
    func variable(_ name: String) throws -> String? {
        try String(contentsOfFile: place.directory + "/hook.env", encoding: .utf8).split(separator: "\n")
            .first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
    }

    /// Whether a process runs whose id a hook has written to a file: it is there, and no zombie.
    func isRunning(_ file: String) throws -> Bool {
        let id = try String(contentsOfFile: "\(place.directory)/\(file)", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let status = try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
        return status.map { !$0.contains("\nState:\tZ") } ?? false
    }
}
