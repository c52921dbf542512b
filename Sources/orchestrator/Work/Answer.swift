import Foundation
import Runner

/// A person's answer to an agent's question.
enum Answer: Sendable, Equatable {
    /// What the agent recommends.
    case recommended
    /// An option's letter or number, or free text.
    case words(String)

    /// The text that the agent is given.
    ///
    /// - Throws: ``PreparationError`` if there is no such option, or no recommendation.
    func text(options: [String]?, recommendation: String?) throws -> String {
        switch self {
        case .recommended:
            guard let recommendation else {
                throw PreparationError(
                    exitCode: .usage,
                    message: "The agent recommends nothing.",
                    remedy: "answer with an option's letter or with your own words"
                )
            }
            return "As you recommend: \(recommendation)"
        case .words(let words):
            let answer = words.trimmingCharacters(in: .whitespacesAndNewlines)
            guard !answer.isEmpty else {
                throw PreparationError(exitCode: .usage, message: "The answer is empty.")
            }
            guard let place = Self.place(answer) else { return answer }
            let options = options ?? []
            guard options.indices.contains(place) else {
                // Without options, or as a number that is meant as one, it is the answer itself.
                guard answer.first?.isLetter == true, !options.isEmpty else { return answer }
                throw PreparationError(
                    exitCode: .usage,
                    message: "There is no option \(answer); there are \(options.count).",
                    remedy: "orchestrator questions"
                )
            }
            return "\(OptionLetter.of(place))) \(options[place])"
        }
    }

    /// Which option a letter or a number names, from 0; nil if it is neither.
    private static func place(_ answer: String) -> Int? {
        let mark = answer.last.map { ").".contains($0) } == true ? answer.dropLast() : answer[...]
        if let number = Int(mark), number > 0 { return number - 1 }
        guard mark.count == 1, let letter = mark.uppercased().unicodeScalars.first else { return nil }
        guard ("A"..."Z").contains(letter) else { return nil }
        return Int(letter.value) - 65
    }
}

/// The letters by which options are named.
enum OptionLetter {
    /// The letter of the option at a place from 0; its number from 1 beyond Z.
    static func of(_ place: Int) -> String {
        guard let scalar = UInt8(exactly: 65 + place), place < 26 else { return String(place + 1) }
        return String(UnicodeScalar(scalar))
    }
}
