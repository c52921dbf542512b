/// A recorded tool call that changes something and is therefore carried out anew.
enum ReplayCall: Sendable, Equatable {
    /// Writes a whole file.
    case write(path: String, content: String)
    /// Replaces text in a file, one replacement after the other.
    case edit(path: String, replacements: [Replacement])
    /// Runs a command in bash.
    case bash(command: String, mayExitWithOne: Bool, inBackground: Bool)

    /// One replacement of an edit.
    struct Replacement: Sendable, Equatable {
        var old: String
        var new: String
        var all: Bool
    }

    /// The call of a recorded tool use, or nil if it changes nothing or is not understood.
    init?(name: String, input: JSONValue, mayExitWithOne: Bool) {
        switch name {
        case "Write":
            guard let path = input["file_path"]?.string, let content = input["content"]?.string else { return nil }
            self = .write(path: path, content: content)
        case "Edit":
            guard let path = input["file_path"]?.string, let replacement = Replacement(input) else { return nil }
            self = .edit(path: path, replacements: [replacement])
        case "MultiEdit":
            guard let path = input["file_path"]?.string else { return nil }
            self = .edit(path: path, replacements: (input["edits"]?.elements ?? []).compactMap(Replacement.init))
        case "Bash":
            guard let command = input["command"]?.string else { return nil }
            let inBackground = input["run_in_background"]?.bool ?? false
            self = .bash(command: command, mayExitWithOne: mayExitWithOne, inBackground: inBackground)
        default:
            return nil
        }
    }
}

extension ReplayCall.Replacement {
    fileprivate init?(_ value: JSONValue) {
        guard let old = value["old_string"]?.string, let new = value["new_string"]?.string else { return nil }
        self.init(old: old, new: new, all: value["replace_all"]?.bool ?? false)
    }

    /// The file's contents after the replacement, or nil if it does not fit them.
    ///
    /// Without `all` the old text must stand there exactly once. An empty old text begins a file.
    func apply(to content: [UInt8]) -> [UInt8]? {
        let needle = Array(old.utf8)
        if needle.isEmpty { return content.isEmpty ? Array(new.utf8) : nil }
        let places = content.ranges(of: needle)
        guard !places.isEmpty, all || places.count == 1 else { return nil }
        return content.replacing(needle, with: Array(new.utf8))
    }
}
