import Foundation
import Testing

@testable import orchestrator

@Suite("Redactor")
struct RedactorTests {
    private static let known = KnownSecrets(["hush-hush/\"quoted\"", "correct horse\nbattery", "87654321", "pässwörd"])

    /// Redacts a text that comes in the pieces that a list of indices cuts.
    private func redact(_ text: String, cutAt cuts: [Int] = []) -> String {
        var redactor = Redactor(known: Self.known)
        var output: [UInt8] = []
        let bytes = Array(text.utf8)
        var start = 0
        for cut in cuts + [bytes.count] {
            output += redactor.append(bytes[start..<cut])
            start = cut
        }
        output += redactor.finish()
        return String(decoding: output, as: UTF8.self)
    }

    private static let jwt =
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"

    /// Texts with secrets, and what is left of them.
    static let secrets: [(text: String, left: String)] = [
        ("key sk-ant-api03-AbC_d-123456789 end", "key [redacted] end"),
        ("{\"t\":\"a\\nsk-ant-api03-AbCd12345678\\nb\"}", "{\"t\":\"a\\n[redacted]\\nb\"}"),
        ("sk-proj-abcdefghij0123456789XYZ,", "[redacted],"),
        ("\\nsk-abcdefghij0123456789XYZ", "\\n[redacted]"),
        ("url ghp_abcdefghijklmnopqrst0123456789ABCDEF.", "url [redacted]."),
        ("gho_abcdefghijklmnopqrst0123456789ABCDEF github_pat_11ABCDEFG0abcdefghijkl_mnop", "[redacted] [redacted]"),
        ("AKIAIOSFODNN7EXAMPLE and ASIAIOSFODNN7EXAMPLE", "[redacted] and [redacted]"),
        ("xoxb-123456789012-abcdefABCDEF", "[redacted]"),
        ("?k=AIzaSyA-abcdefghijklmnopqrstuvwxyz012345&x=1", "?k=[redacted]&x=1"),
        ("npm_abcdefghijklmnopqrstuvwxyz0123456789 end", "[redacted] end"),
        ("=hf_abcdefghijklmnopqrstuvwxyzABCDEFGH", "=[redacted]"),
        ("SG.abcdefghijklmnopqrstuv.abcdefghijklmnopqrstuvwxyz0123456789 x", "[redacted] x"),
        ("AccountKey=Eby8vdM02xNOcqFlqUwJPLl+/==;Suffix=core", "AccountKey=[redacted];Suffix=core"),
        ("Set-Cookie: session=8f7e6d5c; Path=/\r\nDate: x", "Set-Cookie: [redacted]\r\nDate: x"),
        ("curl -H 'Cookie: theme=dark; sid=8f7e6d5c' https://h", "curl -H 'Cookie: [redacted]' https://h"),
        ("{\"cookie\": \"sid=1; b=2\", \"n\": 1}", "{\"cookie\": \"[redacted]\", \"n\": 1}"),
        ("{\"c\":\"Cookie: sid=8f7e\\nHost: h\"}", "{\"c\":\"Cookie: [redacted]\\nHost: h\"}"),
        ("jwt \(jwt) end", "jwt [redacted] end"),
        ("-H 'Authorization: Bearer abc.DEF-123'", "-H 'Authorization: Bearer [redacted]'"),
        ("authorization: bearer abcdefghijklmnopqrstuvwxyz\r\n", "authorization: bearer [redacted]\r\n"),
        ("Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic [redacted]"),
        ("{\"Authorization\": \"token abc\", \"a\": 1}", "{\"Authorization\": \"[redacted]\", \"a\": 1}"),
        ("git clone https://user:p4ss@example.com/x.git", "git clone https://user:[redacted]@example.com/x.git"),
        ("postgres://u:p@ss:w@db:5432/x", "postgres://u:[redacted]@db:5432/x"),
        ("\"https:\\/\\/u:pw@h\\/x\"", "\"https:\\/\\/u:[redacted]@h\\/x\""),
        ("API_KEY=abc123 next", "API_KEY=[redacted] next"),
        ("export MY_TOKEN=ab,c)d\n", "export MY_TOKEN=[redacted]\n"),
        ("DB_PASSWORD=\"a b \\\" c\" rest", "DB_PASSWORD=\"[redacted]\" rest"),
        ("DB_PASSWORD='a b c' rest", "DB_PASSWORD='[redacted]' rest"),
        ("{\"api_key\": \"v a l\\\"ue\\\\\", \"n\": 1}", "{\"api_key\": \"[redacted]\", \"n\": 1}"),
        ("{\"clientSecret\":\"x\"}", "{\"clientSecret\":\"[redacted]\"}"),
        (
            "\"{\\\"password\\\": \\\"a\\\\\\\"b\\\", \\\"n\\\": 1}\"",
            "\"{\\\"password\\\": \\\"[redacted]\\\", \\\"n\\\": 1}\""
        ),
        (
            "{\"c\":\"echo \\\"SECRET=\\\\\\\"x y\\\\\\\"\\\" z\"}",
            "{\"c\":\"echo \\\"SECRET=\\\\\\\"[redacted]\\\\\\\"\\\" z\"}"
        ),
        ("{\"c\":\"PASSWORD=\\\"not closed\"}", "{\"c\":\"PASSWORD=\\\"[redacted]\"}"),
        ("{\"c\":\"A_TOKEN=ab\\\\\\\\cd\\nB=1\"}", "{\"c\":\"A_TOKEN=[redacted]\\nB=1\"}"),
        ("x-api-key: k3y-value\n", "x-api-key: [redacted]\n"),
        ("password: hunter2\nuser: me", "password: [redacted]\nuser: me"),
        ("?access_token=abc&b=1", "?access_token=[redacted]&b=1"),
        ("hush-hush/\"quoted\" and {\"a\":\"hush-hush/\\\"quoted\\\"\"}", "[redacted] and {\"a\":\"[redacted]\"}"),
        ("{\"a\":\"hush-hush\\/\\\"quoted\\\"\"}", "{\"a\":\"[redacted]\"}"),
        ("\"{\\\"a\\\":\\\"hush-hush/\\\\\\\"quoted\\\\\\\"\\\"}\"", "\"{\\\"a\\\":\\\"[redacted]\\\"}\""),
        ("{\"a\":\"correct horse\\nbattery\"}", "{\"a\":\"[redacted]\"}"),
        ("{\"a\":87654321,\"b\":187654321}", "{\"a\":0,\"b\":187654321}"),
        ("pässwörd p\\u00e4ssw\\u00f6rd", "[redacted] [redacted]"),
        (
            "a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE+/=\nabc\n-----END RSA PRIVATE KEY-----\nb",
            "a\n-----BEGIN RSA PRIVATE KEY-----[redacted]-----END RSA PRIVATE KEY-----\nb"
        ),
        (
            "{\"k\":\"-----BEGIN PRIVATE KEY-----\\nMIIE\\ncut off\",\"b\":1}",
            "{\"k\":\"-----BEGIN PRIVATE KEY-----[redacted]\",\"b\":1}"
        ),
    ]

    @Test("Each shape of secret is replaced, and nothing beside it", arguments: secrets.indices)
    func shapes(index: Int) {
        #expect(redact(Self.secrets[index].text) == Self.secrets[index].left)
    }

    @Test("It makes no difference where the bytes are cut", arguments: secrets.indices)
    func cuts(index: Int) {
        let (text, left) = Self.secrets[index]
        let length = text.utf8.count
        #expect(redact(text, cutAt: Array(1..<length)) == left, "byte by byte")
        for first in 1..<length {
            #expect(redact(text, cutAt: [first]) == left, "cut at \(first)")
            for second in stride(from: first + 1, to: length, by: 7) {
                #expect(redact(text, cutAt: [first, second]) == left, "cut at \(first) and \(second)")
            }
        }
    }

    @Test("What was redacted once is not changed again", arguments: secrets.indices)
    func idempotent(index: Int) {
        #expect(redact(Self.secrets[index].left) == Self.secrets[index].left)
    }

    @Test(
        "What is no secret stays as it is",
        arguments: [
            "", "task-force risk-averse-people-of-the-world", "The bearer authentication is basic knowledge.",
            "{\"input_tokens\":12,\"cache_read_input_tokens\":3,\"max_tokens\":4096}",
            "let token = nextToken(of: input)",
            "if password == \"\" { }", "apiKeySource: none", "{\"apiKeySource\":\"ANTHROPIC_API_KEY\"}",
            "http://localhost:4317/v1 and a@b.c:d", "eyJhbGciOiJI without dots", "-----BEGIN CERTIFICATE-----\nMIIE\n",
            "the password: string of the type", "monkey=banana", "a cookie: it is small = sweet", "Cookie: none",
            "{\"token\":null,\"secret\":\"\",\"password\":true}",
            "AKIA short", "PWD=/workspace", "public_key: ssh-ed25519AAAA", "1876543210 is not 876543219",
            "C:\\\\tools\\\\secret\\\\x", "grün ✅ \u{1F469}\u{200D}\u{1F469}", "==", "://:@", "token", "token=", "\\",
            "\"",
        ]
    )
    func harmless(text: String) {
        #expect(redact(text) == text)
        #expect(redact(text, cutAt: Array(stride(from: 1, to: text.utf8.count, by: 1))) == text)
    }

    @Test("What was replaced is counted by kind")
    func counts() {
        var redactor = Redactor(known: Self.known)
        _ = redactor.redact("A_KEY=1 87654321 sk-ant-123456789 Bearer abcdefgh1 a://b:c@d")
        _ = redactor.redact("-----BEGIN PRIVATE KEY-----")
        #expect(
            redactor.counts == [
                .namedValue: 1, .knownValue: 1, .token: 1, .header: 1, .urlPassword: 1, .privateKey: 1,
            ]
        )
    }

    @Test("The environment's credentials are known, its other values and short ones are not")
    func environment() {
        let known = KnownSecrets(
            environment: [
                "ANTHROPIC_API_KEY": "plain-text-value", "HOME": "/home/somebody", "MY_SECRET": "short",
                "ANTHROPIC_CUSTOM_HEADERS": "X-Auth: header-value\nX-More: more-value",
            ],
            others: ["http://hooks/secret"]
        )
        var redactor = Redactor(known: known)
        let text = redactor.redact("plain-text-value /home/somebody short header-value more-value http://hooks/secret")
        #expect(text == "[redacted] /home/somebody short [redacted] [redacted] [redacted]")
    }

    @Test(
        "Memory is bounded, however long a secret or what might become one is",
        arguments: [
            "sk-ant-api03-", "Bearer ", "password=", "{\"password\":\"", "API_KEY='", "-----BEGIN PRIVATE KEY-----",
            "a://b:",
            "eyJ", "-----BEGIN ", "\\", "\"x\\\\\\\": ",
        ]
    )
    func bounded(beginning: String) {
        var redactor = Redactor(known: Self.known)
        var most = 0
        _ = redactor.append(beginning.utf8)
        for filler in ["A1b2C3d4", "\\\\\\\\\\\\", "--------", "        "] {
            let chunk = Array(String(repeating: filler, count: 1000).utf8)
            for _ in 0..<20 {
                _ = redactor.append(chunk)
                most = max(most, redactor.held)
            }
        }
        #expect(most <= 2048)
    }

    @Test("A private key that never ends does not swallow the rest of the stream")
    func endlessKey() {
        let filler = String(repeating: "abcdefg ", count: 10_000)
        let left = redact("-----BEGIN PRIVATE KEY-----" + filler + "the end")
        #expect(left.hasSuffix("the end"))
        #expect(left.utf8.count > 40_000)
    }
}
