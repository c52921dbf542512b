package import Foundation

extension StreamFile {
    /// Takes the file away again, for an attempt that could not begin.
    package func discard() {
        try? FileManager.default.removeItem(atPath: path)
        try? close()
        // The run's folder goes too if there is nothing else in it.
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        if (try? FileManager.default.contentsOfDirectory(atPath: folder).isEmpty) == true {
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    /// When something was written to a stream last; nil if there is no such file.
    package static func lastWritten(_ path: String) -> Date? {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
    }
}
