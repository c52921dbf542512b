import COTLP
import Synchronization

/// Finished records as OTLP bytes; keeps its working memory from one batch to the next.
package final class RecordEncoder: Sendable {
    private let resource: EncodedResource
    private let arena = Mutex(MessageArena())

    package init(resource: EncodedResource) {
        self.resource = resource
    }

    package convenience init(resource: Resource) {
        self.init(resource: resource.encoded())
    }

    /// The records, all of one signal, with those of one scope together in the order of the scopes' first appearance.
    ///
    /// The records are only read; they may be released afterwards.
    package func encode(_ records: [RecordHandle]) -> EncodedItems {
        arena.withLock { Self.encode(records, resource, &$0) }
    }

    static func encode(
        _ records: [RecordHandle],
        _ resource: EncodedResource,
        _ arena: inout MessageArena
    ) -> EncodedItems {
        var bound = 0
        for record in records { bound += upperBound(record.extent) }
        let grouped = group(records)
        return EncodedItems(resource: resource, groups: grouped.groups, bound: bound) { writer in
            for record in grouped.records {
                if record.extent.kind == Extent.Kind.span.rawValue {
                    writer.add(arena.span(record.extent))
                } else {
                    writer.add(arena.log(record.extent))
                }
                arena.reset()
            }
        }
    }

    /// More than the packed item and its frame can need.
    ///
    /// Each entry and value takes at least half as many bytes in the record as on the wire: a record spends 4 on each
    /// length, 8 on each number and 8 on each entry, where the wire has two tags and two lengths more for each value.
    static func upperBound(_ head: Extent) -> Int {
        var bytes = 0
        var rest: Extent? = head
        while let extent = rest {
            bytes += extent.used
            rest = extent.next
        }
        return 2 * bytes + 256
    }

    private static func group(_ records: [RecordHandle]) -> (records: [RecordHandle], groups: [EncodedItems.Group]) {
        let scopes = records.map { RecordHead($0.extent).scopePointer }
        guard let first = scopes.first else { return ([], []) }
        if scopes.allSatisfy({ $0 == first }) {
            let prefix = RecordHead(records[0].extent).scope.prefix
            return (records, [EncodedItems.Group(items: 0..<records.count, prefix: prefix)])
        }
        var order: [UnsafeRawPointer: Int] = [:]
        var members: [[RecordHandle]] = []
        for (record, scope) in zip(records, scopes) {
            let place = order[scope] ?? members.count
            if place == members.count {
                order[scope] = place
                members.append([])
            }
            members[place].append(record)
        }
        var groups: [EncodedItems.Group] = []
        for member in members {
            let start = groups.last?.items.upperBound ?? 0
            let prefix = RecordHead(member[0].extent).scope.prefix
            groups.append(EncodedItems.Group(items: start..<start + member.count, prefix: prefix))
        }
        return (members.flatMap { $0 }, groups)
    }
}
