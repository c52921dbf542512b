/// The tool calls, and the sub-agents that work for them.
extension SessionTimeline {
    mutating func announce(
        _ id: String,
        _ name: String,
        _ arguments: JSONValue,
        in loop: String,
        at time: WallTime
    ) {
        guard calls[id] == nil, calls.count < Self.mostCalls else { return }
        let blockers = blockers(of: name, in: loop)
        calls[id] = OpenCall(
            name: name,
            arguments: arguments,
            loop: loop,
            announcedAt: time,
            blockers: blockers
        )
        order.append(id)
        if blockers.isEmpty { _ = beginCall(id, at: time) }
    }

    /// What a call waits for: the last one that runs alone, and, if it runs alone itself, all since.
    private func blockers(of name: String, in loop: String) -> Set<String> {
        var blockers: Set<String> = []
        for other in order.reversed() {
            guard let call = calls[other], call.loop == loop else { continue }
            let runsAlone = !ToolConcurrency.onlyReads(call.name)
            if runsAlone || !ToolConcurrency.onlyReads(name) { blockers.insert(other) }
            if runsAlone { break }
        }
        return blockers
    }

    mutating func beginCall(_ id: String, at time: WallTime) -> Operation.ID? {
        guard let call = calls[id] else { return nil }
        if let operation = call.operation { return operation }
        calls[id]?.isBeginning = true
        let kind = Operation.Kind.toolCall(
            id: id,
            name: call.name,
            arguments: OperationContent(value: call.arguments)
        )
        let operation = Operation(id: newID(), parent: parent(of: call.loop), kind: kind)
        calls[id]?.operation = operation.id
        told.append(.began(operation, at: time))
        return operation.id
    }

    mutating func take(_ results: [StreamRecord.ToolResult], in loop: String, at time: WallTime) {
        endLooseResponse(of: loop)
        for result in results {
            if loops[result.callID] != nil { endLoop(result, at: time) }
            let failure = result.isError ? OperationEnd.toolFailed : nil
            let isDenied = calls[result.callID]?.isDenied == true
            let answer = OperationContent(value: result.content)
            let end = OperationEnd(errorType: isDenied ? OperationEnd.denied : failure, answer: answer)
            endCall(result.callID, end, at: time)
        }
        if loops[loop]?.response == nil { loops[loop, default: Loop()].readyAt = time }
    }

    mutating func endCall(_ id: String, _ end: OperationEnd, at time: WallTime) {
        // One that has ended although it seemed to have to wait did not wait.
        guard let announcedAt = calls[id]?.announcedAt, let operation = beginCall(id, at: announcedAt) else { return }
        calls[id] = nil
        order.removeAll { $0 == id }
        told.append(.ended(operation, end, at: time))
        for other in order where calls[other]?.blockers.remove(id) != nil {
            guard let call = calls[other], call.blockers.isEmpty, call.operation == nil else { continue }
            _ = beginCall(other, at: max(call.announcedAt, time))
        }
    }

    /// Ends a sub-agent's conversation with the result of its call, which has what its last response was.
    mutating func endLoop(_ result: StreamRecord.ToolResult, at time: WallTime) {
        let name = result.callID
        // Both are told with a delay of their own.
        let end = min(loops[name]?.endedAt ?? time, time)
        if let readyAt = loops[name]?.readyAt, loops[name]?.response == nil, let last = result.lastResponse {
            _ = beginResponse(in: name, at: readyAt)
            loops[name]?.response?.details.model = last.model
            loops[name]?.response?.details.add(last.usage)
            loops[name]?.response?.details.outputTokens = last.usage?.output
        }
        endResponse(of: name, at: end, nil)
        loops[name] = nil
    }

    mutating func take(denialOf tool: String, _ callID: String?, _ reason: String?, at time: WallTime) {
        var operation: Operation.ID?
        if let callID, let call = calls[callID] {
            calls[callID]?.isDenied = true
            operation = beginCall(callID, at: call.announcedAt)
        }
        told.append(.happened(.permissionDenied(tool: tool, reason: reason), in: operation, at: time))
    }

    /// The call that a loop's agent works for; nil for the main loop.
    mutating func parent(of loop: String) -> Operation.ID? {
        guard loop != Self.mainLoop else { return nil }
        if let operation = agentCalls[loop] { return operation }
        guard let call = calls[loop], !call.isBeginning || call.operation != nil,
            let operation = beginCall(loop, at: call.announcedAt)
        else { return nil }
        if agentCalls.count < Self.mostCalls { agentCalls[loop] = operation }
        return operation
    }

    mutating func newID() -> Operation.ID {
        lastID += 1
        return lastID
    }
}
