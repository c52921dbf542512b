import FoundationEssentials
import Glibc
import SystemPackage

extension Error {
    /// Why the system refused, in its own words where it has some (`errno.h`), such as `Not a directory`.
    package var systemReason: String {
        if let posix = unsafe (self as? CocoaError)?.userInfo["NSUnderlyingError"] as? POSIXError {
            return Errno(rawValue: posix.code.rawValue).description
        }
        return "\(self)"
    }
}
