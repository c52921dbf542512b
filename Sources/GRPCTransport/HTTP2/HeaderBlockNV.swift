internal import CNghttp2

extension [HeaderField] {
    /// Lends the fields in nghttp2's form; nghttp2 copies what it needs before `body` returns.
    func withNVs<Result>(_ body: (UnsafePointer<nghttp2_nv>?, Int) -> Result) -> Result {
        var bytes: [UInt8] = []
        for field in self {
            bytes.append(contentsOf: field.name.utf8)
            bytes.append(contentsOf: field.value.utf8)
        }
        return bytes.withUnsafeMutableBufferPointer { storage in
            var position = storage.baseAddress
            let nvs = map { field in
                var nv = nghttp2_nv()
                nv.namelen = field.name.utf8.count
                nv.valuelen = field.value.utf8.count
                nv.name = position
                nv.value = position.map { $0 + nv.namelen }
                position = position.map { $0 + nv.namelen + nv.valuelen }
                return nv
            }
            return nvs.withUnsafeBufferPointer { body($0.baseAddress, $0.count) }
        }
    }
}
