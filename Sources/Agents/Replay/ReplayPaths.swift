/// Maps the paths of a recording onto the workspace of the sandbox that it is played in.
struct ReplayPaths: Sendable, Equatable {
    /// The working directory of the recorded session.
    let recorded: String
    /// The workspace of the sandbox.
    let workspace: String

    init(recorded: String?, workspace: String) {
        self.workspace = Self.normalized(workspace)
        self.recorded = recorded.map(Self.normalized) ?? self.workspace
    }

    /// The path in the sandbox's workspace, or nil if it lies outside; a relative one starts in the workspace.
    func map(_ path: String) -> String? {
        let absolute = Self.normalized(path.hasPrefix("/") ? path : recorded + "/" + path)
        if let rest = Self.rest(of: absolute, under: recorded) { return Self.normalized(workspace + "/" + rest) }
        return Self.rest(of: absolute, under: workspace) == nil ? nil : absolute
    }

    /// A command with the recorded directory replaced where it stands as a path of its own or begins one.
    func map(command: String) -> String {
        guard recorded != workspace, recorded != "/" else { return command }
        var mapped = ""
        var rest = command[...]
        while let place = rest.firstRange(of: recorded) {
            let before = place.lowerBound == command.startIndex ? nil : command[command.index(before: place.lowerBound)]
            let after = place.upperBound == command.endIndex ? nil : command[place.upperBound]
            let stands = !Self.continuesName(before) && before != "/" && !Self.continuesName(after)
            mapped += rest[..<place.lowerBound] + (stands ? workspace : recorded)
            rest = rest[place.upperBound...]
        }
        return mapped + rest
    }

    private static func continuesName(_ character: Character?) -> Bool {
        guard let character else { return false }
        return character.isLetter || character.isNumber || "_-.".contains(character)
    }

    /// What follows the directory in an absolute, normalized path, or nil if the path lies elsewhere.
    private static func rest(of path: String, under directory: String) -> Substring? {
        if path == directory { return "" }
        let prefix = directory == "/" ? "/" : directory + "/"
        return path.hasPrefix(prefix) ? path.dropFirst(prefix.count) : nil
    }

    /// The absolute path without `.`, `..` and doubled slashes.
    private static func normalized(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") {
            switch part {
            case ".": continue
            case "..": _ = parts.popLast()
            default: parts.append(part)
            }
        }
        return "/" + parts.joined(separator: "/")
    }
}
