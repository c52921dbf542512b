/// Finds which fence closes which, one line after the other.
///
/// CommonMark lets the first bare fence close the outermost one. Authors nest fences of the same length, so here a fence
/// with an info string inside a fence opens an inner one (it could not close anything anyway), and a bare fence closes the
/// innermost open one of its own length, else the innermost if that is shorter. Fences of the other character are text.
struct FencePairing {
    /// An opening fence.
    struct Opening {
        let line: Int
        let marker: FenceMarker
        /// The line of the fence that closes it; nil as long as there is none.
        var closingLine: Int?
        /// Whether a longer-lived fence around it was closed first, so that it was text and no fence.
        var isText = false
    }

    /// All openings in the order of their lines.
    private(set) var openings: [Opening] = []
    /// Indices into `openings`, outermost first.
    private var open: [Int] = []
    /// How many of the open fences have a given length, which keeps the search for a partner linear.
    private var openLengths: [Int: Int] = [:]

    /// Whether the next line is inside a fence.
    var isInside: Bool { !open.isEmpty }

    /// Takes a fence outside of all fences.
    mutating func begin(_ marker: FenceMarker, line: Int) {
        open.append(openings.count)
        openings.append(Opening(line: line, marker: marker))
        openLengths[marker.length, default: 0] += 1
    }

    /// Takes a fence line inside a fence: it opens an inner one, closes one, or is text.
    mutating func meet(_ marker: FenceMarker, line: Int) {
        guard let innermost = open.last else { return begin(marker, line: line) }
        let outer = openings[innermost].marker
        guard marker.byte == outer.byte, marker.indent <= outer.indent + 3 else { return }
        guard marker.info.isEmpty else { return begin(marker, line: line) }
        if openLengths[marker.length, default: 0] > 0 {
            while let last = open.last, openings[last].marker.length != marker.length {
                openings[last].isText = true
                drop(last)
            }
        } else if outer.length > marker.length {
            return
        }
        if let last = open.last {
            openings[last].closingLine = line
            drop(last)
        }
    }

    private mutating func drop(_ index: Int) {
        open.removeLast()
        openLengths[openings[index].marker.length, default: 1] -= 1
    }
}
