/// Regions of one origin, cut into extents: from the front of the newest region, or from those that came back.
struct RecordRegions {
    private let place: Extent.Place
    private let makeRegion: @Sendable (_ atLeast: Int) -> UnsafeMutableRawBufferPointer?
    /// First of a list linked by ``Extent/next``, for each doubling of the smallest size.
    private var free = [UnsafeMutableRawPointer?](repeating: nil, count: 24)
    private var next: UnsafeMutableRawPointer?
    private var left = 0

    init(place: Extent.Place, makeRegion: @escaping @Sendable (_ atLeast: Int) -> UnsafeMutableRawBufferPointer?) {
        self.place = place
        self.makeRegion = makeRegion
    }

    /// An extent in the state ``Extent/State/free``, of the smallest size doubled `step` times; nil without memory.
    mutating func take(step: Int) -> Extent? {
        if let base = free[step] {
            let extent = Extent(base: base)
            free[step] = extent.next?.base
            return extent
        }
        let size = Extent.smallestSize << step
        if left < size {
            retireRest()
            guard let region = makeRegion(size), let base = region.baseAddress, region.count >= size else { return nil }
            (next, left) = (base, region.count)
        }
        guard let base = next else { return nil }
        next = base + size
        left -= size
        let extent = Extent(base: base)
        extent.format(size: size, place: place)
        return extent
    }

    mutating func giveBack(_ extent: Extent) {
        let step = Self.step(for: extent.size)
        extent.next = free[step].map(Extent.init)
        free[step] = extent.base
    }

    /// How often the smallest size must be doubled to hold so many bytes.
    static func step(for bytes: Int) -> Int {
        bytes <= Extent.smallestSize ? 0 : Int.bitWidth - ((bytes - 1) / Extent.smallestSize).leadingZeroBitCount
    }

    /// What is left of a region at its change becomes small extents.
    private mutating func retireRest() {
        while left >= Extent.smallestSize, let base = next {
            let extent = Extent(base: base)
            extent.format(size: Extent.smallestSize, place: place)
            giveBack(extent)
            next = base + Extent.smallestSize
            left -= Extent.smallestSize
        }
        left = 0
    }
}
