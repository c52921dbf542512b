import OTLPWire

/// Changes what instruments become, without a change where they are used (metrics/sdk.md, View).
///
/// Of ``OTelConfiguration/views`` the first that matches an instrument holds, for that instrument alone.
///
/// ```swift
/// configuration.views = [
///     OTelView("http.*.duration", aggregation: .exponentialBuckets),
///     OTelView("http.server.requests", keys: .except(["user.id"])),
///     OTelView("debug.*", aggregation: .drop),
/// ]
/// ```
public struct OTelView: Sendable {
    /// How measurements are put together.
    public enum Aggregation: Sendable {
        /// As the kind of instrument and the configuration say.
        case byKind
        /// Not at all.
        case drop
        /// Histograms only: in buckets with these upper bounds, which rise.
        case explicitBuckets([Double])
        /// Histograms only: in exponential buckets.
        case exponentialBuckets
    }

    /// Which attributes of a measurement tell series apart; what differs in others only is added up.
    public enum Keys: Sendable {
        /// All of them.
        case all
        /// These alone.
        case only(Set<String>)
        /// All but these.
        case except(Set<String>)
    }

    /// Which instruments: their name in any case, where `*` stands for any characters and `?` for one.
    public var instrument: String

    /// Which meter's; nil takes in all.
    public var meter: String?

    /// The metric's name, where the view matches one instrument; nil keeps the instrument's.
    public var name: String?

    /// The metric's description; nil keeps the instrument's.
    public var description: String?

    /// Which attributes are kept.
    public var keys: Keys

    /// How measurements are put together.
    public var aggregation: Aggregation

    /// How many series there may be, the overflow series among them; nil is ``OTelConfiguration/cardinalityLimit``.
    public var cardinalityLimit: Int?

    /// Makes a view of the instruments that the pattern matches.
    public init(
        _ instrument: String,
        meter: String? = nil,
        name: String? = nil,
        description: String? = nil,
        keys: Keys = .all,
        aggregation: Aggregation = .byKind,
        cardinalityLimit: Int? = nil
    ) {
        self.instrument = instrument
        self.meter = meter
        self.name = name
        self.description = description
        self.keys = keys
        self.aggregation = aggregation
        self.cardinalityLimit = cardinalityLimit
    }

    func matches(_ descriptor: InstrumentDescriptor) -> Bool {
        guard meter.map({ $0 == descriptor.scope.name }) ?? true else { return false }
        return Self.match(Array(instrument.lowercased().utf8)[...], Array(descriptor.name.lowercased().utf8)[...])
    }

    private static func match(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
        var (pattern, name) = (pattern, name)
        // Where the last star was, and what of the name it has not taken.
        var star: (pattern: ArraySlice<UInt8>, name: ArraySlice<UInt8>)?
        while let next = name.first {
            if pattern.first == UInt8(ascii: "*") {
                pattern = pattern.dropFirst()
                star = (pattern, name)
            } else if let wanted = pattern.first, wanted == next || wanted == UInt8(ascii: "?") {
                (pattern, name) = (pattern.dropFirst(), name.dropFirst())
            } else if let last = star {
                (pattern, name) = (last.pattern, last.name.dropFirst())
                star = (pattern, name)
            } else {
                return false
            }
        }
        return pattern.allSatisfy { $0 == UInt8(ascii: "*") }
    }
}

extension OTelView.Keys {
    /// What of the attributes is kept; nil if all are.
    func kept(of attributes: some AttributeList) -> OTelAttributes? {
        switch self {
        case .all: nil
        case .only(let keys): OTelAttributes(attributes.copy.pairs.filter { keys.contains($0.0) })
        case .except(let keys): OTelAttributes(attributes.copy.pairs.filter { !keys.contains($0.0) })
        }
    }
}
