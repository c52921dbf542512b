/// Gathers the commands that verify one task, from below the labels and headers that announce them.
///
/// Commands are the shell fences (see ``CommandBlock``), a value that is exactly one code span
/// (``**Verify:** `pytest -q` ``), and list items that are exactly one code span. Everything else is text for people.
struct CommandCollector {
    private(set) var commands: [CommandBlock] = []
    private(set) var complaints: [Complaint] = []
    private let id: String
    /// The columns before a label that is itself a list item; its commands are deeper.
    private var labelIndent: Int?
    /// A code span that is one command if its item does not go on in the next line.
    private var pending: CommandBlock?

    init(id: String) {
        self.id = id
    }

    /// Starts at a label, whose value may be a command.
    mutating func begin(_ label: Label, line: Int, of source: SourceText) {
        end()
        labelIndent = nil
        if case .listItem(let columns) = label.form { labelIndent = columns }
        takeSpan(label.value, line: line, of: source)
    }

    /// Takes a line of text below the label; false if it is an item beside the label.
    mutating func take(_ line: Int, of source: SourceText) -> Bool {
        if let marker = ListMarker(line: line, of: source) {
            if let labelIndent, marker.indent <= labelIndent { return false }
            end()
            let end = source.text(line).upperBound
            takeSpan(min(marker.textStart, end)..<end, line: line, of: source)
        } else if source.isBlank(line) {
            end()
        } else {
            pending = nil
        }
        return true
    }

    /// A fenced block below the label.
    mutating func take(_ block: CodeBlock, of source: SourceText) {
        end()
        if let command = CommandBlock(block, of: source) {
            commands.append(command)
        } else if let complaint = CommandBlock.complaint(about: block, ofCheck: "task \(id)", of: source) {
            complaints.append(complaint)
        }
    }

    /// Nothing more belongs to the last item.
    mutating func end() {
        guard let command = pending else { return }
        pending = nil
        if CommandShape.isCommand(command.text, as: .listed) {
            commands.append(command)
        } else {
            let message =
                "The code span here does not look like a command and is not run to verify task \(id); "
                + "put a command into a ```bash block."
            complaints.append(Complaint(line: command.line, message: message, severity: .warning))
        }
    }

    private mutating func takeSpan(_ text: Range<Int>, line: Int, of source: SourceText) {
        guard let tokens = CriterionToken.tokens(of: source.bytes[text]), case .code(let command)? = tokens.first,
            tokens.count == 1 || tokens == [.code(command), .mark(Byte.dot)]
        else { return }
        pending = CommandBlock(line: line + 1, text: command)
    }
}
