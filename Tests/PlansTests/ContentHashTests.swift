import Testing

@testable import Plans

@Suite("The hash of a plan's content")
struct ContentHashTests {
    /// The digests of so many letters "a", as coreutils' sha256sum tells them.
    private static let padded = [
        "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318",
        "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a",
        "f13b2d724659eb3bf47f2dd6af1accc87b81f09f59f2b75e5c0bed6589dfe8c6",
        "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34",
        "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb",
        "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0",
        "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb",
        "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c",
    ]

    @Test(
        "The known vectors of SHA-256",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
                "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
            ),
        ]
    )
    func vectors(text: String, digest: String) {
        #expect(SHA256.hexDigest(of: Array(text.utf8)) == digest)
    }

    @Test(
        "Every length of the last block",
        arguments: zip([55, 56, 57, 63, 64, 65, 119, 120], ContentHashTests.padded)
    )
    func padding(count: Int, digest: String) {
        #expect(SHA256.hexDigest(of: Array(repeating: 0x61, count: count)) == digest)
    }

    @Test("It is that of the bytes as they are: every one of them counts")
    func bytes() {
        let text = Array("## Task 1: A\n- [ ] a\n".utf8)
        let marked = [0xEF, 0xBB, 0xBF] + text
        #expect(Plan(parsing: text, file: "a").contentHash == SHA256.hexDigest(of: text))
        #expect(Plan(parsing: marked, file: "a").contentHash == SHA256.hexDigest(of: marked))
        #expect(Plan(parsing: text, file: "a").contentHash != Plan(parsing: marked, file: "a").contentHash)
        #expect(Plan(parsing: text, file: "a").tasks == Plan(parsing: marked, file: "a").tasks)
    }
}
