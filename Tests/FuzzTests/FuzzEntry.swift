import Glibc

/// The target that FUZZ_TARGET names; only for libFuzzer, which calls this for each input.
private let chosen: FuzzTarget? = {
    let name = getenv("FUZZ_TARGET").map { String(cString: $0) }
    return FuzzTarget.all.first { $0.name == name }
}()

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let chosen else { fatalError("FUZZ_TARGET must be one of \(FuzzTarget.all.map(\.name))") }
    chosen.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}
