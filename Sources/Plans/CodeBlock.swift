/// A fenced block that stands in no other one.
struct CodeBlock {
    /// The lines with both fences.
    let lines: Range<Int>
    /// The first word of the info string in lower case.
    let language: String
}
