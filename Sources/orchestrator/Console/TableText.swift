extension Console {
    /// Prints rows under their head, the columns as wide as they must be.
    ///
    /// - Parameters:
    ///   - rows: The head and the rows, all with as many cells.
    ///   - numbers: From which column on the cells are numbers, which stand to the right.
    func printTable(_ rows: [[String]], numbersFrom numbers: Int) {
        let rows = rows.map { row in row.map { $0.replacing("\n", with: " ") } }
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            let cells = row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return column >= numbers ? space + row[column] : row[column] + space
            }
            print(line: cells.joined(separator: "  ").replacing(#/ +$/#, with: ""))
        }
    }
}
